package dev.vitrine.catalogue.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The service that pictures are brought to. Thread-safe. */
public interface Target {

    /** What became of a picture that was sent. */
    record Sent(String jobId, boolean isIndexed) {}

    /** How a job stands. */
    enum End {
        WAITING,
        COMPLETED,
        FAILED
    }

    /**
     * @param reason why it failed; empty otherwise
     * @param version of the upload, as the index has it; 0 where that is not known
     */
    record JobEnd(End end, String reason, long version) {}

    /** What became of a change of name and metadata. */
    enum Change {
        DONE,
        /** The index has no such picture. */
        MISSING
    }

    /** The picture, or what is said of it, is at fault; sending it again is no use. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;
        private final String field;

        /** @param field of the upload; empty where it is not a field's fault */
        public RefusedException(String field, String reason) {
            super(reason);
            this.field = field;
        }

        public String field() {
            return field;
        }
    }

    /** Nothing is taken now. */
    final class TryLaterException extends IOException {
        private static final long serialVersionUID = 1;
        private final long seconds;

        /** @param seconds after which to try again */
        public TryLaterException(String reason, long seconds) {
            super(reason);
            this.seconds = seconds;
        }

        public long seconds() {
            return seconds;
        }
    }

    /** Tells this service from others, in what is remembered. */
    String id();

    /**
     * Sends a picture.
     *
     * @param once the same for tries to send the same upload, so that it becomes one job
     * @throws RefusedException where it is not taken
     * @throws TryLaterException where nothing is taken now
     * @throws IOException where the service does not answer
     */
    Sent send(Wanted wanted, Path picture, String once) throws IOException, InterruptedException;

    /** Changes name and metadata of a picture that is indexed, without embedding it again; throws as {@link #send}. */
    Change change(Wanted wanted) throws IOException, InterruptedException;

    /** How jobs stand; those that the service does not know are left out. */
    Map<String, JobEnd> ends(Collection<String> jobIds) throws IOException, InterruptedException;

    /** Removes a picture, which may be gone already. */
    void delete(String productId, String imageId) throws IOException, InterruptedException;

    /** A file of pictures that are embedded already, line by line; empty where the service takes none. */
    default Optional<String> refusesVectors() {
        return Optional.of("holds only a vector and no picture, which this service does not take");
    }
}
