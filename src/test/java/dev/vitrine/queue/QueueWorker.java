package dev.vitrine.queue;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A worker as a process has one, with connections of its own; each job takes it 10 ms. */
final class QueueWorker implements AutoCloseable {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();
    private final RedisConnections connections;

    QueueWorker(String url, String name) throws Exception {
        connections = new RedisConnections(url);
        JobQueueComponent component = new JobQueueComponent();
        component.setConnections(connections);
        component.setWorkerId(name);
        camel.addComponent("job-queue", component);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("job-queue:vitrine?concurrentConsumers=2&lease=10000").process(exchange -> {
                    taken.add(System.nanoTime());
                    TimeUnit.MILLISECONDS.sleep(10);
                });
            }
        });
        camel.start();
    }

    /** How many jobs it began. */
    int taken() {
        return taken.size();
    }

    /** When it began the first job after a moment; 0 where it has not. */
    long firstTakenAfter(long nanoTime) {
        return taken.stream().filter(at -> at > nanoTime).findFirst().orElse(0L);
    }

    @Override
    public void close() {
        camel.stop();
        connections.close();
    }
}
