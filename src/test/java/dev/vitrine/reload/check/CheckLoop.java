package dev.vitrine.reload.check;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.cli.connector.DefaultCliConnectorFactory;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CliConnectorFactory;

/** Many checks of one file in a process of its own, while other Camel contexts come and go. */
public final class CheckLoop {
    private static final String FILE =
            """
            - route:
                id: loop
                from:
                  uri: timer:loop
                  steps:
                    - bean:
                        ref: bean7
                        method: toString
                    - to: log:loop
            """;

    private CheckLoop() {}

    /** @param args how many checks */
    public static void main(String[] args) throws Exception {
        Map<String, Object> beans = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            beans.put("bean" + i, new StringBuilder());
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread others = new Thread(() -> {
            try {
                while (!Thread.interrupted()) {
                    try (DefaultCamelContext camel = new DefaultCamelContext()) {
                        camel.disableJMX();
                        // As in the service; with it, starts fail now and then by themselves.
                        DefaultCliConnectorFactory noCli = new DefaultCliConnectorFactory();
                        noCli.setEnabled(false);
                        camel.getCamelContextExtension().addContextPlugin(CliConnectorFactory.class, noCli);
                        beans.forEach(camel.getRegistry()::bind);
                        camel.start();
                        camel.getRegistry().findByType(StringBuilder.class);
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        others.setDaemon(true);
        others.start();

        RouteCheck check = new RouteCheck(beans, new Properties());
        int good = 0;
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            List<Finding> findings =
                    check.check(List.of(new RouteSource(Path.of("/loop/routes/loop.camel.yaml"), FILE)));
            if (!findings.isEmpty()) {
                throw new IllegalStateException(findings.toString());
            }
            good++;
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a context beside the checks failed", failure.get());
        }
        System.out.println(good + " checks were good");
        System.exit(0);
    }
}
