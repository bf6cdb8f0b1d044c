package dev.vitrine.reload;

import dev.vitrine.reload.RouteState.Problem;
import dev.vitrine.reload.check.Finding;
import dev.vitrine.reload.check.RouteCheck;
import dev.vitrine.reload.check.RouteSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the route files of a running service and exchanges the routes of those that change, once they are checked. A
 * change is taken up when two looks at the files see the same, so that a file is not read while it is written, whichever
 * way an editor writes it. Looking, rather than being told by the file system, also works on mounted folders.
 */
public final class RouteReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration BUSY_PAUSE = Duration.ofSeconds(5);
    private static final long CLOSE_SECONDS = 20;

    private final Path home;
    private final RouteFolders folders;
    private final Supplier<RouteCheck> checks;
    private final RouteSwap swap;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread watcher = new Thread(task, "vitrine-reload");
        watcher.setDaemon(true);
        return watcher;
    });

    private SortedMap<Path, RouteSource> running;
    private SortedMap<Path, RouteSource> seen;
    private SortedMap<Path, RouteSource> dealtWith;
    private volatile RouteState state = new RouteState("current", null, List.of());

    /**
     * @param home the folder that messages name files from
     * @param running the files whose routes run
     * @param checks makes a check; it is not kept between changes, because Camel's schema takes memory
     */
    public RouteReload(
            Path home,
            RouteFolders folders,
            SortedMap<Path, RouteSource> running,
            Supplier<RouteCheck> checks,
            RouteSwap swap,
            Clock clock) {
        this.home = home;
        this.folders = folders;
        this.running = running;
        this.seen = running;
        this.dealtWith = running;
        this.checks = checks;
        this.swap = swap;
        this.clock = clock;
    }

    /** Begins to watch. */
    public RouteReload start() {
        thread.schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** Whether the routes that run are those in the files. */
    public RouteState state() {
        return state;
    }

    /** Stops watching; an exchange under way ends first. */
    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }

    private void look() {
        Duration pause = LOOK;
        try {
            SortedMap<Path, RouteSource> now = folders.read();
            boolean settled = now.equals(seen);
            seen = now;
            if (settled && !now.equals(dealtWith)) {
                pause = takeUp(now);
            }
        } catch (IOException e) {
            LOG.debug("The route files cannot be read just now", e);
        } catch (Exception e) {
            LOG.error("The routes could not be reloaded", e);
        }
        if (!thread.isShutdown()) {
            thread.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Duration takeUp(SortedMap<Path, RouteSource> next) throws Exception {
        if (next.equals(running) && !state.status().equals("broken")) {
            dealtWith = next;
            state = new RouteState("current", state.changedAt(), List.of());
            LOG.info("The route files are again as they run");
            return LOOK;
        }
        List<Problem> problems = checks.get().check(List.copyOf(next.values())).stream()
                .map(this::problem)
                .toList();
        if (!problems.isEmpty()) {
            dealtWith = next;
            refuse(problems);
            return LOOK;
        }
        try {
            Set<Path> exchanged = swap.exchange(running, next);
            dealtWith = next;
            running = next;
            state = new RouteState("current", clock.instant().toString(), List.of());
            LOG.info("Reloaded {}", names(exchanged));
            return LOOK;
        } catch (RouteSwap.BusyException e) {
            if (!state.status().equals("waiting")) {
                LOG.info("The changed routes wait: {}", e.getMessage());
            }
            state = new RouteState("waiting", state.changedAt(), List.of());
            return BUSY_PAUSE;
        } catch (RouteSwap.FailedException e) {
            dealtWith = next;
            LOG.warn("The changed routes cannot be started", e);
            refuse(List.of(new Problem("routes", 0, "the changed routes cannot be started: " + e.getMessage())));
            return LOOK;
        } catch (RouteSwap.BrokenException e) {
            LOG.error("Neither the changed routes nor those of before can be started; trying again every 5 s", e);
            state = new RouteState(
                    "broken",
                    state.changedAt(),
                    List.of(new Problem("routes", 0, "routes cannot be started: " + e.getMessage())));
            return BUSY_PAUSE;
        }
    }

    private void refuse(List<Problem> problems) {
        state = new RouteState("refused", state.changedAt(), problems);
        problems.forEach(problem -> LOG.warn("{}", problem));
        LOG.warn("The routes are not reloaded until this is changed; those of before run on");
    }

    private Problem problem(Finding finding) {
        Path file = finding.file().startsWith(home) ? home.relativize(finding.file()) : finding.file();
        return new Problem(file.toString(), finding.line(), finding.message());
    }

    private String names(Set<Path> files) {
        return new TreeSet<>(files)
                .stream().map(file -> home.relativize(file).toString()).collect(Collectors.joining(", "));
    }
}
