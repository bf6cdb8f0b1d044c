package dev.vitrine.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a delivery ends. */
sealed interface Settlement {

    /** Does it; false when the lease was lost. */
    boolean apply(JobQueue queue, Delivery delivery);

    /** Why the attempt failed; empty where it did not. */
    default Optional<FailureReason> failure() {
        return Optional.empty();
    }

    /** The job is done. */
    record Complete(String model) implements Settlement {
        @Override
        public boolean apply(JobQueue queue, Delivery delivery) {
            return queue.complete(delivery, model);
        }
    }

    /** The job is tried again later. */
    record PutOff(Duration delay, FailureReason reason) implements Settlement {
        @Override
        public boolean apply(JobQueue queue, Delivery delivery) {
            return queue.putOff(delivery, delay, reason.text(), reason.digest());
        }

        @Override
        public Optional<FailureReason> failure() {
            return Optional.of(reason);
        }
    }

    /** The job comes back later, as if this attempt had not been. */
    record Postpone(Duration delay) implements Settlement {
        @Override
        public boolean apply(JobQueue queue, Delivery delivery) {
            return queue.postpone(delivery, delay);
        }
    }

    /** The job is left to others, as if it had not been taken: the service stops. */
    record HandBack() implements Settlement {
        @Override
        public boolean apply(JobQueue queue, Delivery delivery) {
            return queue.release(List.of(delivery)) == 1;
        }
    }

    /** The job is given up. */
    record Bury(FailureReason reason) implements Settlement {
        @Override
        public boolean apply(JobQueue queue, Delivery delivery) {
            return queue.bury(delivery, reason.text(), reason.digest());
        }

        @Override
        public Optional<FailureReason> failure() {
            return Optional.of(reason);
        }
    }
}
