package dev.vitrine.catalogue.read;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;

/** What a cell means. */
final class Text {
    private static final int MOST_DESCRIPTION_CHARS = 1_000;
    private static final Pattern SPACES = Pattern.compile("[\\s\\u00A0\\u2007\\u202F]+");
    private static final Pattern GUARDED = Pattern.compile("'[=+\\-@\\t\\r].*", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d[\\d.,' ]*");
    private static final Pattern GROUPED = Pattern.compile("\\d{1,3}([.,])\\d{3}(?:\\1\\d{3})*");
    private static final Pattern RUINED = Pattern.compile("[-+]?\\d(?:[.,]\\d+)?[eE]\\+?\\d{1,3}");

    private Text() {}

    /** Without spaces around, and without the apostrophe that keeps spreadsheets from taking text for a formula. */
    static String clean(String cell) {
        String text = cell.strip();
        return GUARDED.matcher(text).matches() ? text.substring(1).strip() : text;
    }

    /** One line with single, plain spaces. */
    static String line(String cell) {
        return SPACES.matcher(clean(cell)).replaceAll(" ").strip();
    }

    /** The words of an HTML text, cut at a limit. */
    static String words(String html) {
        String text = line(
                html.contains("<") || html.contains("&") ? Jsoup.parse(html).text() : html);
        if (text.length() <= MOST_DESCRIPTION_CHARS) {
            return text;
        }
        int end = text.lastIndexOf(' ', MOST_DESCRIPTION_CHARS);
        end = end > 0 ? end : MOST_DESCRIPTION_CHARS;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    /**
     * An amount with a decimal point or comma, thousands set apart or not, a currency before or after it or not. A single
     * mark before exactly three digits sets thousands apart.
     */
    static Optional<BigDecimal> amount(String cell) {
        Matcher found = NUMBER.matcher(line(cell));
        if (!found.find()) {
            return Optional.empty();
        }
        String digits = found.group().replaceAll("[' ]", "").replaceAll("[.,]+$", "");
        int mark = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
        boolean isGrouped = GROUPED.matcher(digits.replaceFirst("^[-+]", "")).matches();
        String whole = isGrouped || mark < 0 ? digits : digits.substring(0, mark);
        String fraction = isGrouped || mark < 0 ? "" : "." + digits.substring(mark + 1);
        try {
            return Optional.of(new BigDecimal(whole.replaceAll("[.,]", "") + fraction));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether a spreadsheet took an id for a number and forgot most of it. */
    static boolean isRuined(String id) {
        return RUINED.matcher(id).matches();
    }

    /** As header names are compared. */
    static String folded(String name) {
        return line(name).toLowerCase(Locale.ROOT);
    }
}
