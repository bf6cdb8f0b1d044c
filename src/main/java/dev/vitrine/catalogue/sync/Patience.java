package dev.vitrine.catalogue.sync;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks a service again that takes nothing now, or does not answer for a while. */
final class Patience {
    private static final long LONGEST_AWAY_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long LONGEST_WAIT_SECONDS = 30;

    /** Something that the service is asked. */
    @FunctionalInterface
    interface Call<T> {
        T ask() throws IOException, InterruptedException;
    }

    private final Consumer<String> waiting;

    /** @param waiting hears why */
    Patience(Consumer<String> waiting) {
        this.waiting = waiting;
    }

    /**
     * The service's answer.
     *
     * @throws Target.RefusedException at once
     * @throws IOException where it does not answer for two minutes; while it answers that it is busy, it is asked for ever
     */
    <T> T ask(Call<T> call) throws IOException, InterruptedException {
        long away = 0;
        while (true) {
            try {
                return call.ask();
            } catch (Target.RefusedException e) {
                throw e;
            } catch (Target.TryLaterException e) {
                away = 0;
                waiting.accept(e.getMessage());
                Thread.sleep(Math.max(1, Math.min(e.seconds(), LONGEST_WAIT_SECONDS)) * 1_000);
            } catch (IOException e) {
                if (away == 0) {
                    away = System.nanoTime();
                    waiting.accept(e.getMessage());
                }
                if (System.nanoTime() - away > LONGEST_AWAY_NANOS) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
