package dev.vitrine.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code ; did you mean "y"?}, or nothing where no name is near. */
    public static String of(String wrong, Collection<String> names) {
        return nearest(wrong, names)
                .map(name -> "; did you mean \"" + name + "\"?")
                .orElse("");
    }

    /** {@code ; did you mean "y"? Or NEXT}, or {@code ; NEXT} where no name is near. */
    public static String or(String wrong, Collection<String> names, String next) {
        String suggestion = of(wrong, names);
        return suggestion.isEmpty() ? "; " + next : suggestion + " Or " + next;
    }

    /** The name with the fewest edits, at most a third of its letters. */
    public static Optional<String> nearest(String wrong, Collection<String> names) {
        String nearest = null;
        int fewest = Integer.MAX_VALUE;
        for (String name : names) {
            int edits = edits(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (edits < fewest && edits <= Math.max(1, Math.max(wrong.length(), name.length()) / 3)) {
                fewest = edits;
                nearest = name;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
    private static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + replace);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
