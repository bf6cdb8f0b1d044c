package dev.vitrine.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One setting: its name, what it is where nobody sets it, what it means, and how its text is read. The README's table is
 * made from these.
 *
 * @param <T> what its text stands for
 */
public final class Setting<T> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([KMGT]?)I?B?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private final String name;
    private final String fallback;
    private final String shown;
    private final String meaning;
    private final Function<String, T> reader;
    private final boolean secret;

    private Setting(String name, String fallback, String shown, String meaning, Function<String, T> reader) {
        this(name, fallback, shown, meaning, reader, false);
    }

    private Setting(
            String name, String fallback, String shown, String meaning, Function<String, T> reader, boolean secret) {
        this.name = name;
        this.fallback = fallback;
        this.shown = shown;
        this.meaning = meaning;
        this.reader = reader;
        this.secret = secret;
    }

    /** Any text; null where it is not set and has no default. */
    public static Setting<String> text(String name, String fallback, String meaning) {
        return new Setting<>(name, fallback, fallback, meaning, Function.identity());
    }

    /** One of some words, in any case; the first is the default. */
    public static Setting<String> choice(String name, String meaning, String... choices) {
        return new Setting<>(name, choices[0], choices[0], meaning, text -> {
            String value = text.toLowerCase(Locale.ROOT);
            if (!List.of(choices).contains(value)) {
                throw new InvalidSettingException(
                        name + " is '" + text + "'; it must be one of " + String.join(", ", choices));
            }
            return value;
        });
    }

    /** A whole number; underscores between digits are allowed. */
    public static Setting<Long> number(String name, long fallback, long least, long most, String meaning) {
        return new Setting<>(name, Long.toString(fallback), Long.toString(fallback), meaning, text -> {
            try {
                long number = Long.parseLong(text.replace("_", ""));
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new InvalidSettingException(
                    name + " is '" + text + "'; it must be a whole number from " + least + " to " + most);
        });
    }

    /** A number of bytes, such as {@code 20MB}; units are powers of 1024. */
    public static Setting<Long> size(String name, String fallback, String meaning) {
        return new Setting<>(name, fallback, fallback, meaning, text -> {
            Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new InvalidSettingException(name + " is '" + text + "'; write a size such as 20MB or 512KB");
            }
            int power = matcher.group(2).isEmpty() ? 0 : "KMGT".indexOf(matcher.group(2)) + 1;
            try {
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
            } catch (ArithmeticException e) {
                throw new InvalidSettingException(name + " is '" + text + "', more bytes than can be counted");
            }
        });
    }

    /** A time such as {@code 30s}, {@code 12h} or {@code 7d}. */
    public static Setting<Duration> duration(String name, String fallback, Duration least, String meaning) {
        return new Setting<>(name, fallback, fallback, meaning, text -> {
            Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new InvalidSettingException(name + " is '" + text + "'; write a time such as 30s, 12h or 7d");
            }
            long amount = Long.parseLong(matcher.group(1));
            Duration duration =
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    };
            if (duration.compareTo(least) < 0) {
                throw new InvalidSettingException(
                        name + " is '" + text + "'; it must be at least " + least.toMillis() + "ms");
            }
            return duration;
        });
    }

    /** What stands between commas. */
    public static Setting<List<String>> list(String name, String meaning) {
        return new Setting<>(name, "", null, meaning, text -> Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    /** What stands between commas, each of which must match. */
    public static Setting<List<String>> list(String name, Pattern entry, String rule, String meaning) {
        Setting<List<String>> plain = list(name, meaning);
        return new Setting<>(name, "", null, meaning, text -> {
            List<String> entries = plain.reader.apply(text);
            for (String one : entries) {
                if (!entry.matcher(one).matches()) {
                    throw new InvalidSettingException(name + " has '" + one + "'; " + rule);
                }
            }
            return entries;
        });
    }

    /** One of some words, the first of which is the default, or a URL of one of some schemes. */
    public static Setting<String> url(String name, List<String> words, List<String> schemes, String meaning) {
        return new Setting<>(name, words.get(0), words.get(0), meaning, text -> {
            if (words.contains(text) || schemes.stream().anyMatch(text::startsWith)) {
                return text;
            }
            List<String> all = new ArrayList<>(words);
            schemes.forEach(scheme -> all.add(scheme + "host:port"));
            throw new InvalidSettingException(
                    name + " is '" + ShownUrl.of(text) + "'; it must be one of " + String.join(", ", all));
        });
    }

    /**
     * A path, relative ones from the installation's folder.
     *
     * @param shown how the documentation names the default, which {@link #read(SettingSource, Path)} gives
     */
    public static Setting<String> path(String name, String shown, String meaning) {
        return new Setting<>(name, null, shown, meaning, Function.identity());
    }

    /** The same setting with its default named in other words, for one that depends on the machine. */
    public Setting<T> shownAs(String words) {
        return new Setting<>(name, fallback, words, meaning, reader, secret);
    }

    /** The same setting, whose value is nobody's business. */
    public Setting<T> secret() {
        return new Setting<>(name, fallback, shown, meaning, reader, true);
    }

    /** Whether the value may be shown to nobody, or may hold what may not. */
    public boolean isSecret() {
        return secret;
    }

    /**
     * The value that an installation has.
     *
     * @throws InvalidSettingException when its text cannot be understood
     */
    public T read(SettingSource source) {
        String text = source.find(name).orElse(fallback);
        return text == null ? null : reader.apply(text);
    }

    /** The path that an installation has, or the default. */
    public Path read(SettingSource source, Path otherwise) {
        return source.find(name)
                .map(text -> source.home().resolve(text))
                .orElse(otherwise)
                .normalize();
    }

    /** The variable's name, {@code VITRINE_…}. */
    public String name() {
        return name;
    }

    /** The default as the documentation shows it; null for none. */
    public String shownDefault() {
        return shown;
    }

    /** What the setting decides, in Markdown. */
    public String meaning() {
        return meaning;
    }
}
