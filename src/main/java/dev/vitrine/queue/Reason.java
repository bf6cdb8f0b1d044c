package dev.vitrine.queue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Why a try failed.
 *
 * @param text in words a person understands, at most 500 characters
 * @param digest twelve hex digits, the same for failures of one kind thrown at one place
 */
record Reason(String text, String digest) {

    private static final int LONGEST = 500;
    private static final int TOP_FRAMES = 5;

    Reason {
        text = shortened(text);
    }

    /** The message of the root cause, which is nearest to what happened; its class name where it says nothing. */
    static Reason of(Throwable thrown) {
        Throwable root = rootOf(thrown);
        String message = root.getMessage();
        return new Reason(
                message == null || message.isBlank() ? root.getClass().getSimpleName() : message.strip(),
                digestOf(root));
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
