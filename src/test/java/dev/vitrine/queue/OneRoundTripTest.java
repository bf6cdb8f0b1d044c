package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@ExtendWith(RedisExtension.class)
class OneRoundTripTest {
    private static final String PUSH = "spring-redis:queue?command=LPUSH&redisTemplate=#redis";

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stop() {
        camel.stop();
    }

    private void start(RedisConnections connections) throws Exception {
        camel.getRegistry().bind("redis", connections.template());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:push")
                        .routePolicy(new OneRoundTrip(connections.template()))
                        .errorHandler(noErrorHandler())
                        .setHeader("CamelRedis.Key", constant("list"))
                        .setHeader("CamelRedis.Value", constant("first"))
                        .to(PUSH)
                        .process(exchange -> {
                            if (exchange.getMessage().getHeader("broken") != null) {
                                throw new IllegalStateException("as asked");
                            }
                            if (exchange.getMessage().getHeader("cut") != null) {
                                killConnections(connections);
                            }
                            exchange.setProperty("seen", exists(connections));
                        })
                        .setHeader("CamelRedis.Value", constant("second"))
                        .to(PUSH);
            }
        });
        camel.start();
    }

    /** By another thread, on another connection. */
    private static void killConnections(RedisConnections connections) {
        CompletableFuture.runAsync(() -> connections.template().execute((RedisCallback<Object>)
                        redis -> redis.execute("CLIENT", bytes("KILL"), bytes("TYPE"), bytes("normal"))))
                .join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Exchange push() {
        return camel.createProducerTemplate().send("direct:push", exchange -> {});
    }

    /** Asked in another thread, on another connection. */
    private static boolean exists(RedisConnections connections) {
        return CompletableFuture.supplyAsync(() -> connections.template().hasKey("list"))
                .join();
    }

    @Test
    void sendsTheCommandsInTheirOrderWhenTheRouteEnds(RedisConnections connections) throws Exception {
        start(connections);

        Exchange exchange = push();

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getProperty("seen")).as("while the route runs").isEqualTo(false);
        assertThat(connections.template().opsForList().range("list", 0, -1)).containsExactly("second", "first");
    }

    @Test
    void failsTheExchangeWhenRedisRefusesACommand(RedisConnections connections) throws Exception {
        start(connections);
        connections.template().opsForSet().add("list", "of another kind");

        assertThat(push().getException()).isInstanceOf(DataAccessException.class);

        connections.template().delete("list");
        assertThat(push().getException()).isNull();
    }

    @Test
    void failsTheExchangeWhenTheConnectionBreaksAndKeepsItNoLonger(RedisConnections connections) throws Exception {
        start(connections);
        assertThat(push().getException()).isNull();
        assertThat(TransactionSynchronizationManager.hasResource(connections.factory()))
                .as("bound to this thread after the route")
                .isFalse();

        Exchange broken = camel.createProducerTemplate()
                .send("direct:push", exchange -> exchange.getMessage().setHeader("cut", true));

        assertThat(broken.getException()).isInstanceOf(DataAccessException.class);
        assertThat(push().getException()).isNull();
        assertThat(TransactionSynchronizationManager.hasResource(connections.factory()))
                .isFalse();
    }

    @Test
    void keepsNoConnectionWhenTheRouteFails(RedisConnections connections) throws Exception {
        start(connections);

        for (int i = 0; i < 100; i++) {
            Exchange exchange = camel.createProducerTemplate()
                    .send("direct:push", e -> e.getMessage().setHeader("broken", true));
            assertThat(exchange.getException()).hasMessage("as asked");
        }

        assertThat(connections.template().opsForList().size("list")).isEqualTo(100);
    }

    @Test
    void failsTheExchangeOnceAndSoonWhenRedisIsAway() throws Exception {
        try (RedisConnections nowhere = new RedisConnections("redis://127.0.0.1:1")) {
            start(nowhere);
            long begun = System.nanoTime();

            Exchange exchange = push();

            assertThat(exchange.getException()).isInstanceOf(DataAccessException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        }
    }
}
