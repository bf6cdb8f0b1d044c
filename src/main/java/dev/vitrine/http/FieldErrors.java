package dev.vitrine.http;

import dev.vitrine.http.ProblemException.FieldError;
import dev.vitrine.text.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is wrong with the fields of a request, be they parts of a form, members of JSON or parameters, gathered so that all of
 * it is said at once.
 */
public final class FieldErrors {
    private static final int MOST_SHOWN = 50;
    private static final int SHOWN_CHARS = 64;

    private final List<FieldError> errors = new ArrayList<>();
    private final Set<Integer> statuses = new HashSet<>();

    /**
     * Adds what is wrong with a field.
     *
     * @param field its name as it was sent; it is shown on one line and not longer than 64 characters
     * @param detail what is wrong and what to do, to be read after the name
     */
    public void add(String field, String detail) {
        add(400, field, detail);
    }

    /**
     * The same, of something else than a bad value.
     *
     * @param status HTTP status that the request would have if nothing else were wrong
     */
    public void add(int status, String field, String detail) {
        statuses.add(status);
        errors.add(new FieldError(shown(field), detail));
    }

    /**
     * Adds a name that is not known, with the one that was probably meant.
     *
     * @param problem such as {@code is no member of a search}
     * @param names that are known
     * @param next what else to do, such as which names there are
     */
    public void unknown(String field, String problem, Collection<String> names, String next) {
        add(field, problem + Suggestion.or(shown(field), names, next));
    }

    /** Adds a field that came more than once. */
    public void doubled(String field) {
        add(field, "was sent more than once; send it once");
    }

    /**
     * What a reader makes of a field; where it refuses it, adds why.
     *
     * @return null where it was refused
     * @throws ProblemException what is not about a field
     */
    public <T> T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (ProblemException e) {
            if (e.errors().isEmpty()) {
                throw e;
            }
            statuses.add(e.status());
            errors.addAll(e.errors());
            return null;
        }
    }

    /** Whether something is wrong with a field. */
    public boolean has(String field) {
        return errors.stream().anyMatch(error -> error.field().equals(field));
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /**
     * Refuses the request if anything is wrong.
     *
     * @throws ProblemException with all that is wrong, of the status that it has throughout, else 400
     */
    public void check() {
        if (errors.isEmpty()) {
            return;
        }
        List<FieldError> shown = errors.subList(0, Math.min(MOST_SHOWN, errors.size()));
        List<String> details = new ArrayList<>();
        shown.forEach(error -> details.add(error.field() + ": " + error.detail()));
        if (shown.size() < errors.size()) {
            details.add("and " + (errors.size() - shown.size()) + " more");
        }
        int status = statuses.size() == 1 ? statuses.iterator().next() : 400;
        throw new ProblemException(status, String.join("; ", details), shown);
    }

    private static String shown(String field) {
        String line = field.replaceAll("\\p{C}", "?");
        return line.length() <= SHOWN_CHARS ? line : line.substring(0, SHOWN_CHARS);
    }
}
