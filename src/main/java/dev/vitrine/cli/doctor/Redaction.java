package dev.vitrine.cli.doctor;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.SensitiveUtils;

/**
 * Takes secrets out of text: those that the installation is known to have, wherever they stand, and what looks like one
 * (user and password in URLs, values of names such as {@code password}, bearer tokens, private keys).
 */
final class Redaction {
    static final String GONE = "(redacted)";
    private static final int SHORTEST = 4;
    private static final Pattern NAME = Pattern.compile(
            "(?i)pass|secret|token|key|credential|auth|headers|cookie|signature|private|pwd|access|user");
    private static final Pattern USER_INFO = Pattern.compile("(://)[^/?#\\s\"']*@");
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(RAW\\([^)]*\\)|RAW\\{[^}]*}|\"[^\"]*\"|[^&;,\\s\"']+)");
    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{8,}");
    private static final Pattern SIGNING = Pattern.compile("whsec_[A-Za-z0-9+/=_-]+");
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)");

    private final Set<String> secrets = new HashSet<>();

    /**
     * Knows the secrets of an installation.
     *
     * @param settings every setting that there is
     */
    Redaction(SettingSource source, Collection<Setting<?>> settings) {
        Set<String> ours = new HashSet<>();
        for (Setting<?> setting : settings) {
            ours.add(setting.name());
            source.find(setting.name()).ifPresent(value -> {
                if (setting.isSecret()) {
                    add(value);
                    List.of(value.split(",")).forEach(this::add);
                }
                inUrl(value);
            });
        }
        source.file().forEach((name, value) -> {
            // What is a site's own, for its routes, may be anything.
            if (!name.toString().startsWith("vitrine.")) {
                add(value.toString());
                inUrl(value.toString());
            }
        });
        for (Map.Entry<String, String> variable : source.environment().entrySet()) {
            if (!ours.contains(variable.getKey()) && isSensitive(variable.getKey())) {
                add(variable.getValue());
            }
            inUrl(variable.getValue());
        }
    }

    /** Whether a name is one of those whose value is nobody's business. */
    static boolean isSensitive(String name) {
        return SensitiveUtils.containsSensitive(name) || NAME.matcher(name).find();
    }

    /** The text without secrets. */
    String of(String text) {
        String clean = PRIVATE_KEY.matcher(text).replaceAll(GONE);
        List<String> longestFirst = secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (String secret : longestFirst) {
            clean = clean.replace(secret, GONE);
        }
        clean = USER_INFO.matcher(clean).replaceAll("$1" + GONE + "@");
        clean = SIGNING.matcher(clean).replaceAll(GONE);
        clean = BEARER.matcher(clean).replaceAll("$1 " + GONE);
        return PARAMETER
                .matcher(clean)
                .replaceAll(found -> Matcher.quoteReplacement(
                        isSensitive(found.group(1)) ? found.group(1) + "=" + GONE : found.group()));
    }

    /** User, password and the values of sensitive parameters in a URL. */
    private void inUrl(String text) {
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            return;
        }
        String rest = text.substring(scheme + 3);
        int at = rest.split("[/?#]", 2)[0].lastIndexOf('@');
        if (at > 0) {
            String user = rest.substring(0, at);
            add(user);
            List.of(user.split(":", 2)).stream()
                    .skip(user.contains(":") ? 1 : 0)
                    .forEach(this::add);
        }
        Matcher parameters = Pattern.compile("[?&;]([^=&;]+)=([^&;]*)").matcher(text);
        while (parameters.find()) {
            if (isSensitive(parameters.group(1).toLowerCase(Locale.ROOT))
                    && !parameters.group(1).equals("user")) {
                add(parameters.group(2));
            }
        }
    }

    private void add(String secret) {
        for (String form : List.of(secret.strip(), decoded(secret.strip()))) {
            if (form.length() >= SHORTEST && !form.matches("(?i)true|false|none|embedded|auto|[0-9.]+(ms|s|m|h|d)?")) {
                secrets.add(form);
                secrets.add(URLEncoder.encode(form, StandardCharsets.UTF_8));
                secrets.add(form.replace("\\", "\\\\").replace("\"", "\\\"")); // within JSON
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
