package dev.vitrine.queue;

import dev.vitrine.job.FailureKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.camel.CamelExecutionException;

/**
 * Why a try failed.
 *
 * @param text in words a person understands, at most 500 characters
 * @param digest twelve hex digits, the same for failures of one kind thrown at one place
 * @param kind for metrics
 */
record FailureReason(String text, String digest, FailureKind kind) {

    private static final int LONGEST = 500;
    private static final int TOP_FRAMES = 5;

    FailureReason {
        text = shortened(text);
    }

    /** A reason that is no exception's. */
    FailureReason(String text, String digest) {
        this(text, digest, FailureKind.OTHER);
    }

    /** The same reason, of a kind. */
    FailureReason as(FailureKind what) {
        return new FailureReason(text, digest, what);
    }

    /**
     * The message of the outermost exception that says something of its own, which tells what it means, and in brackets
     * that of the root cause, which tells what happened; its class name where it says nothing.
     */
    static FailureReason of(Throwable thrown) {
        Throwable root = rootOf(thrown);
        String what = messageOf(unwrapped(thrown));
        String why = messageOf(root);
        return new FailureReason(what.contains(why) ? what : what + " (" + why + ")", digestOf(root));
    }

    private static String messageOf(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message.strip();
    }

    /** Without the exceptions that only carry another, as executors, reflection and Camel throw them. */
    private static Throwable unwrapped(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable current = thrown;
        while (current.getCause() != null && seen.add(current) && onlyCarries(current)) {
            current = current.getCause();
        }
        return current;
    }

    private static boolean onlyCarries(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null
                || message.equals(thrown.getCause().toString())
                || thrown instanceof CamelExecutionException;
    }

    private static Throwable rootOf(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable root = thrown;
        while (root.getCause() != null && seen.add(root)) {
            root = root.getCause();
        }
        return root;
    }

    private static String digestOf(Throwable root) {
        StringBuilder place = new StringBuilder(root.getClass().getName());
        StackTraceElement[] frames = root.getStackTrace();
        for (int i = 0; i < Math.min(TOP_FRAMES, frames.length); i++) {
            place.append('\n').append(frames[i].getClassName()).append('.').append(frames[i].getMethodName());
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(place.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String shortened(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
        return text.substring(0, end) + "…";
    }
}
