package dev.vitrine.decoder;

import dev.vitrine.decoder.Answer.Ended;
import dev.vitrine.decoder.Answer.Ready;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** One decoder process as the service sees it. Serves one caller at a time. */
final class DecoderProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(20);

    /** The most that one look adds to the time waited, for the clock goes on while the service is paused. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    /** Why no pixels came. */
    enum Fault {
        /** More processor time than allowed. */
        TIME,
        /** No answer within the time allowed by the clock, though it had little processor time. */
        WAIT,
        /** More memory than allowed. */
        MEMORY,
        /** It ended by itself, or somebody ended it. */
        DEATH
    }

    /**
     * What a picture may cost.
     *
     * @param clockTime by the clock, without the time that the service itself was paused
     */
    record Limits(Duration processorTime, Duration clockTime, long residentBytes) {}

    /** The process is of no further use. */
    static final class FaultException extends Exception {
        private static final long serialVersionUID = 1;
        private final Fault fault;
        private final transient Duration used;

        FaultException(Fault fault, Duration used) {
            super(fault.name());
            this.fault = fault;
            this.used = used;
        }

        Fault fault() {
            return fault;
        }

        /** Processor time that the picture took. */
        Duration used() {
            return used;
        }
    }

    private final Process process;
    private final ProcessUse use;
    private final DataOutputStream requests;
    private final BlockingQueue<Answer> answers = new ArrayBlockingQueue<>(2);

    private DecoderProcess(Process process) {
        this.process = process;
        this.use = new ProcessUse(process.toHandle());
        this.requests = new DataOutputStream(process.getOutputStream());
        Thread reader = new Thread(this::read, "decoder-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process and waits until it takes pictures.
     *
     * @throws DecoderUnavailableException when it does not come to that
     */
    static DecoderProcess start(DecoderLaunch launch, Duration limit) throws InterruptedException {
        DecoderProcess started;
        try {
            started = new DecoderProcess(launch.start());
        } catch (IOException e) {
            throw new DecoderUnavailableException("A decoder process cannot be started: " + e.getMessage(), e);
        }
        try {
            Answer answer = started.answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (answer instanceof Ready) {
                return started;
            }
        } catch (InterruptedException e) {
            started.close();
            throw e;
        }
        boolean ended = !started.process.isAlive();
        started.close();
        throw new DecoderUnavailableException(
                ended
                        ? "A decoder process ended with status " + started.process.exitValue()
                                + " before it was ready; look for a limit on memory or processes"
                        : "A decoder process was not ready within " + limit.toMillis() + " ms; ask again later",
                null);
    }

    private void read() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            Answer answer;
            do {
                answer = Answer.read(in);
                answers.put(answer);
            } while (!(answer instanceof Ended));
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }

    /**
     * Has a picture decoded.
     *
     * @return what the process says of it, neither {@link Ready} nor {@link Ended}
     * @throws FaultException when the process is of no further use; it is not closed yet
     * @throws InterruptedException likewise
     */
    Answer decode(Path file, Limits limits) throws FaultException, InterruptedException {
        Duration before = use.processorTime();
        // What an earlier picture left is not this one's.
        long bytesBefore = use.residentBytes();
        try {
            requests.writeUTF(file.toAbsolutePath().toString());
            requests.flush();
        } catch (IOException e) {
            throw new FaultException(Fault.DEATH, Duration.ZERO);
        }
        Duration waited = Duration.ZERO;
        while (true) {
            long look = System.nanoTime();
            Answer answer = answers.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (answer != null && !(answer instanceof Ended)) {
                return answer;
            }
            Duration used = use.processorTime().minus(before);
            if (answer != null) {
                throw new FaultException(deathBy(), used);
            }
            waited = waited.plusNanos(Math.min(System.nanoTime() - look, LONGEST_LOOK.toNanos()));
            if (used.compareTo(limits.processorTime()) > 0) {
                throw new FaultException(Fault.TIME, used);
            }
            if (use.residentBytes() > Math.max(bytesBefore, limits.residentBytes())) {
                throw new FaultException(Fault.MEMORY, used);
            }
            if (waited.compareTo(limits.clockTime()) > 0) {
                throw new FaultException(Fault.WAIT, used);
            }
        }
    }

    private Fault deathBy() throws InterruptedException {
        boolean ended = process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return ended && process.exitValue() == DecoderLaunch.OUT_OF_MEMORY ? Fault.MEMORY : Fault.DEATH;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Memory that it holds, in bytes; 0 where the system does not say. */
    long residentBytes() {
        return use.residentBytes();
    }

    long pid() {
        return process.pid();
    }

    /** Kills it and waits until it is gone, for a moment. */
    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
