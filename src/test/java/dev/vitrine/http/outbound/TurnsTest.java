package dev.vitrine.http.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who wants something of one host waits for a turn. */
class TurnsTest {
    @Test
    void aSlowHostHoldsOnlySoManyAndNobodyOfAnotherHost() throws Exception {
        Turns turns = new Turns(2, Duration.ofMillis(200));
        turns.take("slow");
        turns.take("slow");
        assertThatThrownBy(() -> turns.take("slow"))
                .isInstanceOf(BusyHostException.class)
                .hasMessageContaining("slow");
        turns.take("other");
        turns.giveBack("slow");
        turns.take("slow");
    }

    @Test
    void whoWaitsGoesWhenATurnIsGivenBack() throws Exception {
        Turns turns = new Turns(1, Duration.ofSeconds(20));
        turns.take("slow");
        CompletableFuture<Boolean> took = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                turns.take("slow");
                took.complete(true);
            } catch (BusyHostException | InterruptedException e) {
                took.completeExceptionally(e);
            }
        });
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        turns.giveBack("slow");
        assertThat(took.join()).isTrue();
    }
}
