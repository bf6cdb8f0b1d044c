package dev.vitrine.intake.idempotency;

import dev.vitrine.http.ProblemException;
import java.util.List;
import java.util.regex.Pattern;

/** The value of {@code Idempotency-Key}: a string of RFC 8941, in quotes, of printable ASCII. */
final class IdempotencyKey {
    private static final int MAX_CHARS = 255;
    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*)\"");
    private static final String RULE = "must be one string in quotes of 1 to " + MAX_CHARS
            + " printable ASCII characters, for example \"8e03978e-40d5-43dd-bc93-6894a57f9324\"";

    private IdempotencyKey() {}

    /**
     * The key, or null where none was sent.
     *
     * @param values the values of the header
     * @throws ProblemException 400 for one that is not as it must be
     */
    static String of(List<String> values) {
        if (values.isEmpty()) {
            return null;
        }
        var matcher = QUOTED.matcher(values.get(0).strip());
        if (values.size() > 1 || !matcher.matches()) {
            throw bad();
        }
        String key = matcher.group(1).replaceAll("\\\\(.)", "$1");
        if (key.isEmpty() || key.length() > MAX_CHARS) {
            throw bad();
        }
        return key;
    }

    private static ProblemException bad() {
        return ProblemException.ofField(400, "Idempotency-Key", RULE);
    }
}
