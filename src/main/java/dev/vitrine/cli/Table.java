package dev.vitrine.cli;

import dev.vitrine.log.EscapedText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in columns that are as wide as what is in them. Where that is more than a terminal has, the last column is cut
 * short, then the widest others; each cut shows as an ellipsis. Where the output goes to a program, nothing is cut.
 */
final class Table {
    private static final int GAP = 2;
    private static final int LEAST = 8;

    private final List<String[]> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(heads);
    }

    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
        return this;
    }

    /** @param width characters a line; 0 for no limit */
    void print(PrintWriter out, int width) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                row[i] = EscapedText.of(row[i].replaceAll("\\s*\\R\\s*", " "));
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (int excess = excess(widths, width); width > 0 && excess > 0; excess = excess(widths, width)) {
            int cut = widths[columns - 1] > LEAST ? columns - 1 : widest(widths);
            if (widths[cut] <= LEAST) {
                break;
            }
            widths[cut] = Math.max(LEAST, widths[cut] - excess);
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row[i].length() <= widths[i] ? row[i] : row[i].substring(0, widths[i] - 1) + "…";
                line.append(i == columns - 1 ? cell : String.format("%-" + (widths[i] + GAP) + "s", cell));
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    /** How wide the terminal is; 0 where the output does not go to one. */
    static int terminal() {
        if (System.console() == null) {
            return 0;
        }
        try {
            return Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "100"));
        } catch (NumberFormatException e) {
            return 100;
        }
    }

    private static int excess(int[] widths, int width) {
        return Arrays.stream(widths).sum() + GAP * (widths.length - 1) - width;
    }

    private static int widest(int[] widths) {
        int widest = 0;
        for (int i = 1; i < widths.length; i++) {
            widest = widths[i] > widths[widest] ? i : widest;
        }
        return widest;
    }
}
