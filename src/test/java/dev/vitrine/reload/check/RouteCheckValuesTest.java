package dev.vitrine.reload.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ShippedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would only be refused when a route starts, or works otherwise than it was meant. */
class RouteCheckValuesTest {
    private static final Path FILE = RunningVitrine.HOME.resolve("routes/x.camel.yaml");

    private static final String GOOD =
            """
            - route:
                id: x
                description: For the test.
                routeConfigurationId: web-errors
                from:
                  uri: platform-http
                  parameters:
                    path: /x
                    httpMethodRestrict: GET
                  steps:
                    - setHeader:
                        name: colour
                        expression:
                          constant:
                            expression: red
                    - delay:
                        expression:
                          constant:
                            expression: "10"
                    - aggregate:
                        correlationExpression:
                          constant:
                            expression: "true"
                        completionSize: 10
                        aggregationStrategy: "#class:org.apache.camel.processor.aggregate.UseLatestAggregationStrategy"
                        completionTimeoutCheckerInterval: "1000"
                        steps:
                          - log: full
                    - bean:
                        ref: worklist
                        method: load(${body})
                    - marshal:
                        json:
                          library: Jackson
                    - to:
                        uri: job-queue
                        parameters:
                          name: x
                          operation: retry
                          jitter: 0.2
                    - to:
                        uri: kamelet:vitrine-put-off-action
                        parameters:
                          delay: 1000
                          multiplier: 2
                          maxAttempts: 3
                    - to:
                        uri: direct
                        parameters:
                          name: answer
            """;

    private static final String CONFIGURATION =
            """
            - routeConfiguration:
                id: y
                onException:
                  - onException:
                      exception:
                        - java.io.IOException
                      redeliveryPolicy:
                        redeliveryDelay: "1000"
                        maximumRedeliveries: 3
            """;

    private static List<Finding> check(String text) throws Exception {
        Settings settings = Settings.load(RunningVitrine.HOME, Map.of());
        List<RouteSource> sources = new ArrayList<>();
        for (String folder : List.of("routes", "kamelets")) {
            for (Path file : ShippedFiles.in(folder)) {
                sources.add(RouteSource.read(file));
            }
        }
        sources.add(new RouteSource(FILE, text));
        return Vitrine.checkRoutes(settings, sources);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            jitter: 0.2             | jitter: 20              | 40 | job-queue refuses this: jitter must be from 0 to 1, not 20.0
            operation: retry        | oparation: retry        | 39 | job-queue has no option "oparation"; did you mean "operation"?
            delay: 1000             | delay: 1x               | 44 | "delay" of job-queue must be a time such as 500 or 10s, not "1x"
            multiplier: 2           | multiplier: 0           | 45 | multiplier must be 1 or more, not 0.0
            maxAttempts: 3          | maxAttempts: -1         | 46 | maxAttempts must be 0 (for never giving up) or more, not -1
            maxAttempts: 3          | maxAttempts: three      | 46 | "maxAttempts" of job-queue must be a whole number, not "three"
            path: /x                | path: /stats            | 6  | the path /stats is already taken at web.camel.yaml:
            path: /x                | path: "/jobs/{any}"     | 6  | the path /jobs/{any} is already taken at jobs.camel.yaml:
            redeliveryDelay: "1000" | redeliveryDelay: "1q"   | 8  | "redeliveryDelay" must be a time such as 500 or 10s, not "1q"
            maximumRedeliveries: 3  | maximumRedeliveries: 1.5 | 9 | "maximumRedeliveries" must be a whole number, not "1.5"
            Interval: "1000"        | Interval: "1 apple"     | 26 | "completionTimeoutCheckerInterval" must be a time
            load(${body})           | load(${body}            | 31 | the bracket after "load" must be closed once, at the end
            method: load(${body})   | method: load(${body}))  | 31 | the bracket after "load" must be closed once, at the end
            name: answer            | nmae: answer            | 50 | direct has no option "nmae"; did you mean "name"?
            path: /x                | pth: /x                 | 8  | platform-http has no option "pth"; did you mean "path"?
            json:                   | protobuf:               | 33 | "protobuf" is not installed; run: ./vitrine component add protobuf
            library: Jackson        | library: Gson           | 33 | "json" is not installed; run: ./vitrine component add gson
            constant:               | groovy:                 | 15 | the language "groovy" is not installed; run: ./vitrine component add groovy
            """)
    void isFound(String from, String to, int line, String message) throws Exception {
        String text = CONFIGURATION.contains(from) ? CONFIGURATION : GOOD;
        assertThat(text).contains(from);
        String bad = text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to));
        if (to.equals("protobuf:")) {
            bad = bad.replaceFirst(" *library: Jackson\n", "");
        }
        assertThat(check(bad)).singleElement().satisfies(finding -> {
            assertThat(finding.message()).contains(message);
            assertThat(finding.file()).isEqualTo(FILE);
            assertThat(finding.line()).isEqualTo(line);
        });
    }

    @Test
    void nothingIsFoundInWhatIsGood() throws Exception {
        assertThat(check(GOOD + CONFIGURATION)).isEmpty();
        assertThat(check(GOOD.replace("path: /x", "path: /stats").replace("Restrict: GET", "Restrict: DELETE")))
                .isEmpty();
        assertThat(check(GOOD.replace("path: /x", "path: /stats")
                        .replace(
                                "routeConfigurationId",
                                "precondition: \"'{{vitrine.role.api}}' == 'false'\"\n    routeConfigurationId")))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"setHeader:\n            name: a", "setBody: {}", "filter:\n            steps: []", "delay: {}"})
    void aMissingExpressionIsNamed(String step) throws Exception {
        List<Finding> findings =
                check("- route:\n    id: x\n    from:\n      uri: timer:x\n      steps:\n        - " + step + "\n");
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.message()).contains(step.replaceFirst("(?s):.*", "") + "\" needs an expression");
            assertThat(finding.line()).isBetween(6, 7);
        });
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("holding itself", "- &a [*a]\n", "\"*a\" stands inside of what it refers to"),
                Arguments.of("in a key", "- &a {? *a : b}\n", "\"*a\" stands inside of what it refers to"),
                Arguments.of("brackets", "[".repeat(300_000), "nested more than 100 levels deep"),
                Arguments.of("dashes", "- ".repeat(50_000), "nested more than 100 levels deep"),
                Arguments.of("braces", "- " + "{a: ".repeat(50_000), "nested more than 100 levels deep"),
                Arguments.of("aliases in depth", ladder(150, 1), "nested more than 100 levels deep"),
                Arguments.of("aliases in width", ladder(30, 9), "more than 200000 entries"));
    }

    private static String ladder(int steps, int wide) {
        StringBuilder yaml = new StringBuilder("- &a0 [x]\n");
        for (int i = 1; i <= steps; i++) {
            yaml.append("- &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(wide))
                    .append("]\n");
        }
        return yaml.toString();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void yamlWithoutEndIsAFinding(String name, String text, String message) throws Exception {
        assertThat(check(text)).singleElement().satisfies(finding -> assertThat(finding.message())
                .contains(message));
    }
}
