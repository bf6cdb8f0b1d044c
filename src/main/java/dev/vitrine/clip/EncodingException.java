package dev.vitrine.clip;

/**
 * The encoder could not do its work. The picture or text is not known to be at fault, so a later try may succeed;
 * whoever retries bounds the tries.
 */
public class EncodingException extends RuntimeException {

    public EncodingException(String message, Throwable cause) {
        super(message, cause);
    }
}
