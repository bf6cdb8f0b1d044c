package dev.vitrine.spool;

import dev.vitrine.store.ObjectPage.StoredObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How many objects the last complete listing saw, and how large they were: whoever lists a bucket anyway counts them, and it is
 * listed for its own sake no more often than one page in six seconds.
 */
final class Census {
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final long PAGE = 1_000;
    private static final long SECONDS_A_PAGE = 6;
    private static final Duration HOUR = Duration.ofHours(1);

    private final Clock clock;
    private long objects;
    private long bytes;
    private Instant counted = Instant.MIN;
    private Instant hour = Instant.MIN;

    Census(Clock clock) {
        this.clock = clock;
    }

    synchronized long objects() {
        return objects;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Whether the last count is too old. */
    synchronized boolean isDue() {
        Duration cost = Duration.ofSeconds(objects / PAGE * SECONDS_A_PAGE);
        return counted.isBefore(clock.instant().minus(cost.compareTo(FRESH) > 0 ? cost : FRESH));
    }

    /** True once an hour. */
    synchronized boolean isHourOver() {
        if (!hour.isBefore(clock.instant().minus(HOUR))) {
            return false;
        }
        hour = clock.instant();
        return true;
    }

    /** @param whole whether the listing begins at the first object */
    Count begin(boolean whole) {
        return new Count(whole);
    }

    /** A count that goes on. */
    final class Count {
        private final boolean whole;
        private long objectsSeen;
        private long bytesSeen;

        private Count(boolean whole) {
            this.whole = whole;
        }

        void add(StoredObject object) {
            objectsSeen++;
            bytesSeen += object.bytes();
        }

        /** The last object was seen. */
        void end() {
            if (whole) {
                synchronized (Census.this) {
                    objects = objectsSeen;
                    bytes = bytesSeen;
                    counted = clock.instant();
                }
            }
        }
    }
}
