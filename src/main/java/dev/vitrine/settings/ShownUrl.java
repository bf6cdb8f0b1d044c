package dev.vitrine.settings;

import java.util.regex.Pattern;

/** A URL as messages show it: without the user and the password, also where it is none. */
public final class ShownUrl {
    /** Up to the last at sign, as a password that should have been escaped may hold one. */
    private static final Pattern CREDENTIALS = Pattern.compile("^([a-zA-Z][\\w+.:-]*//)?.*@", Pattern.DOTALL);

    private static final Pattern PARAMETER =
            Pattern.compile("(?i)((?:user|password|passwd|pwd|secret|token|key)=)[^&;\\s]*");

    private ShownUrl() {}

    /** The text itself where there is no secret in it. */
    public static String of(String url) {
        String host = CREDENTIALS.matcher(url).replaceFirst(found -> {
            String scheme = found.group(1) == null ? "" : found.group(1);
            return java.util.regex.Matcher.quoteReplacement(scheme + "…@");
        });
        return PARAMETER.matcher(host).replaceAll("$1…");
    }
}
