package dev.vitrine.catalogue.read;

import java.util.List;

/**
 * A row of a table. Cells that are missing are empty.
 *
 * @param line where it begins, from 1
 */
record Row(Header header, List<String> cells, long line) {

    /** The cleaned cell; empty where there is none. */
    String get(int column) {
        return column >= 0 && column < cells.size() ? Text.clean(cells.get(column)) : "";
    }

    /** The cleaned cell of the first of these columns that has something in it. */
    String get(String... names) {
        for (String name : names) {
            String cell = get(header.find(name));
            if (!cell.isEmpty()) {
                return cell;
            }
        }
        return "";
    }

    /** The cell as it came. */
    String raw(int column) {
        return column >= 0 && column < cells.size() ? cells.get(column) : "";
    }

    boolean isBlank() {
        return cells.stream().allMatch(cell -> Text.line(cell).isEmpty());
    }
}
