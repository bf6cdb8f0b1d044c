package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.MasterQuestion.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** What sentinels that do not agree make of the place. They say what the test says; real ones agree most of the time. */
class AskedPlaceTest {
    private static final HostAndPort FORMER = new HostAndPort("former", 6379);
    private static final HostAndPort NEXT = new HostAndPort("next", 6379);
    private static final HostAndPort A = new HostAndPort("a", 26379);
    private static final HostAndPort B = new HostAndPort("b", 26379);

    private final Map<HostAndPort, Answer> answers = new ConcurrentHashMap<>();
    private AskedPlace place;

    @BeforeEach
    void askBoth() {
        MasterQuestion question = new MasterQuestion() {
            @Override
            public Answer ask(Jedis informant, HostAndPort address) {
                if (!answers.containsKey(address)) {
                    throw new JedisConnectionException(address + " is silent");
                }
                return answers.get(address);
            }

            @Override
            public boolean mayBeStale() {
                return true;
            }
        };
        place = new AskedPlace("test", question, List.of(A, B), Jedis::new);
    }

    @AfterEach
    void close() {
        place.close();
    }

    private void says(HostAndPort sentinel, HostAndPort master, long epoch) {
        answers.put(sentinel, new Answer(master, epoch, false, List.of()));
    }

    private void awaitPlace(HostAndPort master) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(place.now()).isEqualTo(master));
    }

    @Test
    void theNewestAnswerHoldsWhoeverIsAskedFirst() {
        for (List<HostAndPort> order : List.of(List.of(A, B), List.of(B, A))) {
            says(order.get(0), NEXT, 2);
            says(order.get(1), FORMER, 1);
            awaitPlace(NEXT);
        }
    }

    @Test
    void aSentinelThatIsBehindMovesNobodyBack() throws InterruptedException {
        says(A, NEXT, 2);
        says(B, FORMER, 1);
        assertThat(place.now()).isEqualTo(NEXT);
        answers.remove(A);
        List<HostAndPort> seen = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            place.doubt(NEXT);
            seen.add(place.now());
            Thread.sleep(50);
        }
        assertThat(seen).containsOnly(NEXT);
    }

    /** A master that comes back by itself before the new one is ready would take what is lost a moment later. */
    @Test
    void thereIsNoPlaceWhileAnotherMasterIsMade() {
        says(A, FORMER, 1);
        says(B, FORMER, 1);
        assertThat(place.now()).isEqualTo(FORMER);
        answers.put(B, new Answer(FORMER, 1, true, List.of()));
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThatThrownBy(place::now)
                .isInstanceOf(JedisConnectionException.class)
                .hasMessageContaining("another master is being made in place of " + FORMER));
        place.confirm(FORMER);
        assertThatThrownBy(place::now).isInstanceOf(JedisConnectionException.class);
        answers.put(B, new Answer(NEXT, 2, false, List.of()));
        awaitPlace(NEXT);
    }

    @Test
    void aFailoverThatIsGivenUpLeavesTheMaster() {
        says(A, FORMER, 1);
        answers.put(B, new Answer(FORMER, 1, true, List.of()));
        assertThatThrownBy(place::now).isInstanceOf(JedisConnectionException.class);
        says(B, FORMER, 1);
        awaitPlace(FORMER);
    }

    @Test
    void sentinelsThatWereAllMadeAnewAreBelieved() {
        says(A, FORMER, 7);
        says(B, FORMER, 7);
        assertThat(place.now()).isEqualTo(FORMER);
        says(A, NEXT, 0);
        says(B, NEXT, 0);
        awaitPlace(NEXT);
    }
}
