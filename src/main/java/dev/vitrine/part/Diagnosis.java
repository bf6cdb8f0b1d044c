package dev.vitrine.part;

/**
 * What was seen of one thing that the service needs, from outside and once; for {@code ./vitrine doctor}.
 *
 * @param subject what was looked at, such as {@code redis persistence}
 * @param verdict whether something is to be done
 * @param found what was seen, without any secret
 * @param advice what to do; empty where there is nothing to do
 */
public record Diagnosis(String subject, Verdict verdict, String found, String advice) {

    /** Whether something is to be done. */
    public enum Verdict {
        /** As it should be. */
        GOOD,
        /** The service works; an operator would want it otherwise. */
        ADVICE,
        /** The service does not start, does not work, or may lose something. */
        FAULT
    }

    /** As it should be. */
    public static Diagnosis good(String subject, String found) {
        return new Diagnosis(subject, Verdict.GOOD, found, "");
    }

    /** The service works; an operator would want it otherwise. */
    public static Diagnosis advice(String subject, String found, String advice) {
        return new Diagnosis(subject, Verdict.ADVICE, found, advice);
    }

    /** The service does not start, does not work, or may lose something. */
    public static Diagnosis fault(String subject, String found, String advice) {
        return new Diagnosis(subject, Verdict.FAULT, found, advice);
    }
}
