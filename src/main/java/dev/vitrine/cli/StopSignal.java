package dev.vitrine.cli;

import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order: until this is closed, the process outlives a SIGTERM or SIGINT, and the thread that made this
 * is interrupted as soon as it is armed. So what it started is stopped by its own {@code try} blocks.
 */
final class StopSignal implements AutoCloseable {
    /** For a start or a stop that hangs; more than both take. */
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch armed = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread command = Thread.currentThread();
    private final OptionalInt code;
    private volatile boolean isGiven;
    private final Thread hook = new Thread(this::stop, "vitrine-stop");

    /** @param code what the process exits with after such a signal; empty for 128 and the signal's number */
    StopSignal(OptionalInt code) {
        this.code = code;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From now on the thread can be interrupted; what it starts before that is started or has failed. */
    void arm() {
        armed.countDown();
    }

    @Override
    public void close() {
        armed.countDown();
        stopped.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and waited for this.
        }
    }

    /** Whether the process was told to end. */
    boolean isGiven() {
        return isGiven;
    }

    private void stop() {
        isGiven = true;
        try {
            if (armed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                command.interrupt();
                if (stopped.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    code.ifPresent(Runtime.getRuntime()::halt);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
