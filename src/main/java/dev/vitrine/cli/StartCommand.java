package dev.vitrine.cli;

import dev.vitrine.Vitrine;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the service in the foreground until it is told to stop. */
@Command(name = "start", description = "Runs the service in the foreground.", mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "all (default), api (takes uploads, answers searches) or worker (indexes)")
    private String role;

    @Option(
            names = "--worker-id",
            paramLabel = "NAME",
            description = "names this process; default is the host and the process id")
    private String workerId;

    @Override
    public Integer call() throws Exception {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install(); // libraries that use the JDK's logging say it in our form
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> LOG.error("The thread {} ended", thread.getName(), failure));
        Map<String, String> overrides = new HashMap<>();
        if (role != null) {
            overrides.put("VITRINE_ROLE", role);
        }
        if (workerId != null) {
            overrides.put("VITRINE_WORKER_ID", workerId);
        }
        try (StopSignal signal = new StopSignal(OptionalInt.of(0));
                Vitrine vitrine = Vitrine.start(Main.settings(overrides))) {
            signal.arm();
            awaitEnd(vitrine);
        }
        LOG.info("Stopped");
        return 0;
    }

    private static void awaitEnd(Vitrine vitrine) {
        try {
            vitrine.join();
        } catch (InterruptedException e) {
            LOG.info("Told to stop; nothing new is taken, and what was begun is finished or handed back");
        }
    }
}
