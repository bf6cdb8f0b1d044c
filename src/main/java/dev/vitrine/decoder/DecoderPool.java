package dev.vitrine.decoder;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;
import static dev.vitrine.image.UnusablePictureException.Reason.TOO_COSTLY;

import dev.vitrine.decoder.Answer.Broken;
import dev.vitrine.decoder.Answer.Shrunk;
import dev.vitrine.decoder.Answer.Unreadable;
import dev.vitrine.decoder.Answer.Unusable;
import dev.vitrine.decoder.DecoderProcess.Fault;
import dev.vitrine.decoder.DecoderProcess.FaultException;
import dev.vitrine.decoder.DecoderProcess.Limits;
import dev.vitrine.image.PictureHeader;
import dev.vitrine.image.PixelSource;
import dev.vitrine.image.ShrunkPicture;
import dev.vitrine.image.UnusablePictureException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes in child processes, each of one picture at a time. A process is started when a picture needs one, and ends when
 * none has needed it for a while, sooner where a picture has made it large. It is killed when its picture takes more processor
 * time or memory than allowed. Where it dies by itself, the picture is tried once more, in a new one.
 */
final class DecoderPool implements PixelSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DecoderPool.class);

    /** What a process may hold beside the picture's own pixels: Java itself, some 60 MB, and what decoders need. */
    static final long BASE_BYTES = 192L << 20;

    /** What a pixel may take; what decoders of the formats here need, with a third to spare. */
    static final int BYTES_A_PIXEL = 16;

    /** How long a process is kept that a picture has made large: as long as the next one may be on its way. */
    private static final Duration LARGE_QUIET = Duration.ofSeconds(2);

    private final DecoderLaunch launch;
    private final Terms terms;
    private final Duration quiet;
    private final Semaphore places;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private final Set<DecoderProcess> all = ConcurrentHashMap.newKeySet();
    private final AtomicLong killed = new AtomicLong();
    private final ScheduledThreadPoolExecutor sweeper;
    private boolean closed;

    /**
     * What a picture may take.
     *
     * @param processorTime of a core, by all threads of its process
     * @param clockTime by the clock, from asking for a process on
     * @param isAwaited whether a picture that had less than that processor time when the clock ran out may be sent again,
     *     as the machine was busy; otherwise it is at fault
     */
    record Terms(Duration processorTime, Duration clockTime, boolean isAwaited) {}

    private record Idle(DecoderProcess process, long untilNanos) {}

    /**
     * @param most how many processes there may be
     * @param quiet how long a process is kept that no picture needs
     */
    DecoderPool(DecoderLaunch launch, Terms terms, int most, Duration quiet) {
        this.launch = launch;
        this.terms = terms;
        this.quiet = quiet;
        this.places = new Semaphore(most, true);
        this.sweeper = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "decoder-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        sweeper.setKeepAliveTime(1, TimeUnit.SECONDS);
        sweeper.allowCoreThreadTimeOut(true);
        sweeper.setRemoveOnCancelPolicy(true);
        sweeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** The heap of a process that can decode pictures of so many pixels. */
    static long heapFor(long maxPixels) {
        return BASE_BYTES / 2 + BYTES_A_PIXEL * maxPixels;
    }

    /** How many processes there are. */
    int processes() {
        return all.size();
    }

    /** Memory of the largest process, in bytes. */
    long largestBytes() {
        return all.stream().mapToLong(DecoderProcess::residentBytes).max().orElse(0);
    }

    /** How many processes had to be killed since the start, each because of a picture. */
    long killed() {
        return killed.get();
    }

    /** @throws DecoderUnavailableException when no process can be had */
    @Override
    public ShrunkPicture shrink(Path file, PictureHeader header) throws IOException, InterruptedException {
        places.acquire();
        try {
            return decode(file, header);
        } finally {
            places.release();
        }
    }

    private ShrunkPicture decode(Path file, PictureHeader header) throws IOException, InterruptedException {
        long bytes = BASE_BYTES + BYTES_A_PIXEL * header.pixels();
        long start = System.nanoTime();
        Duration left = terms.processorTime();
        for (boolean again = false; ; again = true) {
            DecoderProcess process = again ? started(clockLeft(start)) : taken(clockLeft(start));
            boolean sound = false;
            try {
                Answer answer = process.decode(file, new Limits(left, clockLeft(start), bytes));
                sound = true;
                return picture(answer);
            } catch (FaultException e) {
                killed.incrementAndGet();
                left = left.minus(e.used());
                if (e.fault() == Fault.WAIT && terms.isAwaited()) {
                    throw new TooManySearchesException();
                }
                if (e.fault() != Fault.DEATH || again || left.isNegative()) {
                    throw unusable(header, e);
                }
                LOG.warn("A decoder process died of {}, which is tried again alone", file.getFileName());
            } finally {
                giveBack(process, sound);
            }
        }
    }

    private Duration clockLeft(long start) {
        return terms.clockTime().minusNanos(System.nanoTime() - start);
    }

    private static ShrunkPicture picture(Answer answer) throws IOException {
        if (answer instanceof Shrunk shrunk) {
            return shrunk.picture();
        }
        if (answer instanceof Unusable unusable) {
            throw new UnusablePictureException(unusable.reason(), unusable.message());
        }
        if (answer instanceof Unreadable unreadable) {
            throw new IOException(unreadable.message());
        }
        throw new IllegalStateException(answer instanceof Broken broken ? broken.message() : "Unexpected " + answer);
    }

    private static UnusablePictureException unusable(PictureHeader header, FaultException e) {
        return switch (e.fault()) {
            case TIME, WAIT ->
                new UnusablePictureException(
                        TOO_COSTLY,
                        "The " + header.format() + " picture takes too long to decode. Save or export it again.",
                        e);
            case MEMORY ->
                new UnusablePictureException(
                        TOO_COSTLY,
                        "The " + header.format() + " picture takes more memory to decode than its " + header.width()
                                + " x " + header.height()
                                + " pixels should. Save or export it again, or send a smaller one.",
                        e);
            case DEATH ->
                new UnusablePictureException(
                        DAMAGED,
                        "The " + header.format()
                                + " picture is damaged and breaks its decoder. Save or export it again.",
                        e);
        };
    }

    private DecoderProcess taken(Duration limit) throws InterruptedException {
        synchronized (idle) {
            while (!idle.isEmpty()) {
                DecoderProcess process = idle.pop().process();
                if (process.isAlive()) {
                    return process;
                }
                discard(process);
            }
        }
        return started(limit);
    }

    private DecoderProcess started(Duration limit) throws InterruptedException {
        DecoderProcess process = DecoderProcess.start(launch, limit);
        boolean late;
        synchronized (idle) {
            late = closed;
            all.add(process);
        }
        if (late) {
            discard(process);
            throw new DecoderUnavailableException("The service is stopping", null);
        }
        return process;
    }

    private void giveBack(DecoderProcess process, boolean sound) {
        if (!sound) {
            discard(process);
            return;
        }
        boolean isLarge = process.residentBytes() > BASE_BYTES;
        Duration kept = isLarge && LARGE_QUIET.compareTo(quiet) < 0 ? LARGE_QUIET : quiet;
        synchronized (idle) {
            if (!closed) {
                idle.push(new Idle(process, System.nanoTime() + kept.toNanos()));
                sweeper.schedule(this::sweep, kept.toMillis() + 1, TimeUnit.MILLISECONDS);
                return;
            }
        }
        discard(process);
    }

    /** Ends what was not needed for a while. */
    private void sweep() {
        synchronized (idle) {
            long now = System.nanoTime();
            List<Idle> over =
                    idle.stream().filter(one -> one.untilNanos() - now <= 0).toList();
            idle.removeAll(over);
            over.forEach(one -> discard(one.process()));
        }
    }

    private void discard(DecoderProcess process) {
        all.remove(process);
        process.close();
    }

    /** Ends all processes, also those that are at a picture. */
    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.clear();
        }
        sweeper.shutdownNow();
        all.forEach(this::discard);
    }
}
