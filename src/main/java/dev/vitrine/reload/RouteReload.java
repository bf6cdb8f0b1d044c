package dev.vitrine.reload;

import dev.vitrine.job.Rfc3339;
import dev.vitrine.reload.RouteState.Problem;
import dev.vitrine.reload.check.Finding;
import dev.vitrine.reload.check.RouteCheck;
import dev.vitrine.reload.check.RouteSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
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
    private Problem unreadable;
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
            unreadable = null;
            boolean settled = now.equals(seen);
            seen = now;
            if (settled && !now.equals(dealtWith)) {
                pause = tryOut(now);
            }
        } catch (Throwable e) { // an Error as well: nobody else would look again
            unreadable(e);
        }
        if (!thread.isShutdown()) {
            thread.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Says it of the second look in a row that meets the same; an editor may just be at work at the first. */
    private void unreadable(Throwable e) {
        Problem problem = new Problem("routes", 0, "the route files cannot be read: " + e);
        if (problem.equals(unreadable) && !state.problems().contains(problem)) {
            dealtWith = Collections.emptySortedMap(); // so that they are taken up as soon as they can be read
            refuse(List.of(problem));
        }
        unreadable = problem;
    }

    private Duration tryOut(SortedMap<Path, RouteSource> next) {
        try {
            return takeUp(next);
        } catch (Throwable e) {
            dealtWith = next;
            LOG.error("The routes could not be reloaded", e);
            refuse(List.of(new Problem("routes", 0, "the changed files could not be checked or exchanged: " + e)));
            return LOOK;
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
            Set<Path> removed = new TreeSet<>(running.keySet());
            removed.removeAll(next.keySet());
            Set<Path> reloaded = new TreeSet<>(swap.exchange(running, next));
            reloaded.removeAll(removed);
            dealtWith = next;
            running = next;
            state = new RouteState("current", Rfc3339.format(clock.instant()), List.of());
            say("Removed", removed);
            say("Reloaded", reloaded);
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

    private void say(String what, Set<Path> files) {
        if (!files.isEmpty()) {
            LOG.info(
                    "{} {}",
                    what,
                    files.stream().map(file -> home.relativize(file).toString()).collect(Collectors.joining(", ")));
        }
    }
}
