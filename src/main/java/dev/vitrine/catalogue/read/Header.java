package dev.vitrine.catalogue.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of a table's columns. They are compared without case and with plain spaces; a name may come twice. */
final class Header {
    private static final Pattern WITH_ATTRIBUTE = Pattern.compile("[^\\[]+\\[([a-z_ ]+)]");

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> columns = new HashMap<>();

    /** @param cells as the file has them */
    Header(List<String> cells) {
        for (String cell : cells) {
            String name = Text.line(cell);
            // Google's own names stand in brackets behind translated ones
            Matcher attribute = WITH_ATTRIBUTE.matcher(name);
            columns.putIfAbsent(Text.folded(attribute.matches() ? attribute.group(1) : name), names.size());
            names.add(name);
        }
        while (!names.isEmpty() && names.get(names.size() - 1).isEmpty()) {
            names.remove(names.size() - 1);
        }
    }

    int size() {
        return names.size();
    }

    /** The column of one of these names, the first of them that is there; -1 for none. */
    int find(String... wanted) {
        for (String name : wanted) {
            Integer column = columns.get(Text.folded(name));
            if (column != null) {
                return column;
            }
        }
        return -1;
    }

    boolean has(String... all) {
        for (String name : all) {
            if (find(name) < 0) {
                return false;
            }
        }
        return true;
    }

    /** As the file has it; empty beyond the last. */
    String name(int column) {
        return column >= 0 && column < names.size() ? names.get(column) : "";
    }

    List<String> names() {
        return names;
    }
}
