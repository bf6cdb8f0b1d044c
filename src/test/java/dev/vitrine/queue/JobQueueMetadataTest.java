package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fails when an option was added and {@code mvn -Pcamel-metadata process-classes} was not run. */
class JobQueueMetadataTest {

    @Test
    void knowsEveryOptionOfTheEndpointAndTheComponent() {
        assertThat(setters(JobQueueEndpoint.class)).isNotEmpty().allSatisfy(option -> assertThat(
                        new JobQueueEndpointConfigurer().getOptionType(option, false))
                .as(option)
                .isNotNull());
        assertThat(setters(JobQueueComponent.class)).isNotEmpty().allSatisfy(option -> assertThat(
                        new JobQueueComponentConfigurer().getOptionType(option, false))
                .as(option)
                .isNotNull());
        assertThat(new JobQueueEndpointUriFactory().propertyNames()).containsAll(setters(JobQueueEndpoint.class));
    }

    private static List<String> setters(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .map(Method::getName)
                .filter(name -> name.matches("set[A-Z].*"))
                .map(name -> Character.toLowerCase(name.charAt(3)) + name.substring(4))
                .toList();
    }
}
