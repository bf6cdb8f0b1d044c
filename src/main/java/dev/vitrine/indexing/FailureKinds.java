package dev.vitrine.indexing;

import dev.vitrine.clip.EncodeTimeoutException;
import dev.vitrine.clip.EncodingException;
import dev.vitrine.decoder.DecoderUnavailableException;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.job.FailureKind;
import dev.vitrine.queue.RedisAwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.dao.DataAccessException;

/** Says of an exception of the worker's route what the job failed of. */
public final class FailureKinds {
    /** How deep a cause may lie; deeper ones go in circles. */
    private static final int DEEPEST = 20;

    private final Map<Class<? extends Throwable>, FailureKind> kinds = new LinkedHashMap<>();

    public FailureKinds() {
        kinds.put(UnusablePictureException.class, FailureKind.PICTURE);
        kinds.put(LostPictureException.class, FailureKind.LOST);
        kinds.put(RefusedByIndexException.class, FailureKind.REFUSED);
        kinds.put(IndexUnavailableException.class, FailureKind.INDEX);
        kinds.put(EncodeTimeoutException.class, FailureKind.ENCODER);
        kinds.put(EncodingException.class, FailureKind.ENCODER);
        kinds.put(DecoderUnavailableException.class, FailureKind.DECODER);
        kinds.put(RedisAwayException.class, FailureKind.REDIS);
        kinds.put(DataAccessException.class, FailureKind.REDIS);
        kinds.put(OutOfMemoryError.class, FailureKind.MEMORY);
        kinds.put(UncheckedIOException.class, FailureKind.DISK);
        kinds.put(IOException.class, FailureKind.DISK);
    }

    /** Of the outermost exception that says it, as what is inside is how it came to that. */
    public FailureKind of(Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < DEEPEST; depth++) {
            for (Map.Entry<Class<? extends Throwable>, FailureKind> kind : kinds.entrySet()) {
                if (kind.getKey().isInstance(current)) {
                    return kind.getValue();
                }
            }
            current = current.getCause();
        }
        return FailureKind.OTHER;
    }
}
