package dev.vitrine.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A request that cannot be served as it is; becomes the {@code application/problem+json} answer (RFC 9457). */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong with one field of the request. */
    public record FieldError(@JsonProperty("field") String field, @JsonProperty("detail") String detail) {}

    private final int status;
    private final transient List<FieldError> errors;

    /**
     * What a route refuses with the step {@code throwException}; over HTTP the status is 422.
     *
     * @param detail what is wrong and what to do, for the person who reads it
     */
    public ProblemException(String detail) {
        this(422, detail, List.of());
    }

    /**
     * @param status HTTP status, 400 to 599
     * @param detail what is wrong and what to do, for the person who reads it
     * @param errors the fields at fault; empty where it is the request as a whole
     */
    public ProblemException(int status, String detail, List<FieldError> errors) {
        this(status, detail, errors, null);
    }

    public ProblemException(int status, String detail, List<FieldError> errors, Throwable cause) {
        super(detail, cause);
        this.status = status;
        this.errors = List.copyOf(errors);
    }

    /** One field of the request is at fault. */
    public static ProblemException ofField(int status, String field, String detail) {
        return new ProblemException(status, field + ": " + detail, List.of(new FieldError(field, detail)));
    }

    /** Nothing is there under this id. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(404, detail, List.of());
    }

    public int status() {
        return status;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
