package dev.vitrine.reindex;

import dev.vitrine.reindex.ModelState.Phase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a new generation to where it can serve, and has it serve. Of several processes the one that holds a lock does it;
 * when that ends, another goes on. Runs on a thread of its own.
 */
final class Builder implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Builder.class);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** A comparison that embeds no more than so many may be the last before both generations take uploads. */
    private static final int FEW = 20;

    /** Uploads go on, so that each comparison finds some; later ones find no fewer than the second. */
    private static final int COMPARISONS = 2;

    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(5);

    private final Generations generations;
    private final PictureSupply pictures;
    private final Path dataDir;
    private final Room room;
    private final Duration grace;
    private final Progress progress;
    private ModelState filled;
    private int comparisons;

    /**
     * @param pictures has those to embed
     * @param room says whether the disk has any left
     * @param grace how long other processes have to read the state before it is relied on that they have
     */
    Builder(Generations generations, PictureSupply pictures, Path dataDir, Room room, Duration grace) {
        this.generations = generations;
        this.pictures = pictures;
        this.dataDir = dataDir;
        this.room = room;
        this.grace = grace;
        this.progress = new Progress(dataDir);
    }

    /** Works until it is interrupted. */
    @Override
    public void run() {
        try (pictures) {
            untilInterrupted();
        }
    }

    private void untilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                step();
                Thread.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                progress.problem(e.getMessage() == null ? e.toString() : e.getMessage());
                LOG.debug("A build failed and is tried again", e);
                pause();
            }
        }
    }

    /** Until the operator asks for something else, or for some seconds. */
    private void pause() {
        ModelState then = generations.state();
        long end = System.nanoTime() + PAUSE_AFTER_FAULT.toNanos();
        try {
            while (System.nanoTime() - end < 0 && generations.state().equals(then)) {
                Thread.sleep(LOOK.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws IOException, InterruptedException {
        Phase phase = generations.state().phase();
        if (phase == null || phase == Phase.KEPT) {
            return;
        }
        try (FileChannel channel = FileChannel.open(
                        dataDir.resolve(".reindex.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                work();
            }
        } catch (OverlappingFileLockException e) {
            // another service in this process does it
        }
    }

    private void work() throws IOException, InterruptedException {
        ModelState state = generations.state();
        progress.of(state);
        if (!pictures.prepare(state)) {
            return;
        }
        if (state.phase() == Phase.FILLING) {
            fill(state);
        } else if (state.phase() == Phase.CLOSING) {
            close(state);
        } else if (state.phase() == Phase.SWITCHED) {
            Thread.sleep(grace.toMillis());
            if (comparison(state, state.other(), state.serving()).run(false)) {
                generations.file().update(now -> now.equals(state) ? now.in(Phase.KEPT) : now);
                LOG.info(
                        "{} is kept for a way back: ./vitrine reindex --rollback, or --drop",
                        state.other().model());
            }
        }
    }

    private void fill(ModelState state) throws InterruptedException {
        room.check();
        if (!comparison(state, state.serving(), state.other()).run(!state.rollsBack())) {
            return;
        }
        if (isMissingTooMuch(state)) {
            return;
        }
        comparisons = state.equals(filled) ? comparisons + 1 : 1;
        filled = state;
        if (progress.embeddedLast() <= FEW || comparisons >= COMPARISONS) {
            room.check();
            generations.file().update(now -> now.equals(state) ? now.in(Phase.CLOSING) : now);
        }
    }

    private void close(ModelState state) throws InterruptedException {
        Generation target = generations.of(state.other());
        Generation source = generations.of(state.serving());
        Thread.sleep(grace.toMillis());
        if (!comparison(state, state.serving(), state.other()).run(!state.rollsBack())) {
            return;
        }
        Optional<String> fault = isMissingTooMuch(state)
                ? Optional.of("pictures went missing")
                : new FinalCheck(source, target, FinalCheck.USUAL_PAUSE).fault(progress.missing(), state.rollsBack());
        if (fault.isPresent()) {
            if (progress.missing() == 0) {
                progress.problem(fault.get());
            }
            generations.file().update(now -> now.equals(state) ? now.in(Phase.FILLING) : now);
            pause();
            return;
        }
        ModelState next = generations.file().update(now -> now.equals(state) ? now.switched() : now);
        if (next.phase() == Phase.SWITCHED) {
            LOG.info("{} serves from now on", target.model().name());
        }
    }

    private boolean isMissingTooMuch(ModelState state) {
        if (progress.missing() == 0 || state.allowsMissing()) {
            return false;
        }
        progress.problem("Pictures that cannot be embedded by "
                + state.other().model() + ": " + progress.missing()
                + "; send them again, or go on without (--allow-missing)");
        pause();
        return true;
    }

    private Comparison comparison(ModelState state, ModelState.Named source, ModelState.Named target) {
        Generation serving = generations.of(state.serving());
        Generation to = generations.of(target);
        Throttle throttle = new Throttle(() -> serving.model().images().waiting() > 0);
        return new Comparison(generations.of(source), to, pictures, throttle, progress, () -> generations
                .state()
                .equals(state));
    }
}
