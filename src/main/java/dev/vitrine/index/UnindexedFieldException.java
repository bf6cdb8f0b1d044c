package dev.vitrine.index;

/** A filter asks for a field that the index would have to look at in each of too many points. */
public final class UnindexedFieldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;

    UnindexedFieldException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** As the filter names it. */
    public String field() {
        return field;
    }
}
