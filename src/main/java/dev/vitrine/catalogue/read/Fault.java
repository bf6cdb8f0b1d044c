package dev.vitrine.catalogue.read;

import java.util.Optional;

/**
 * What is wrong with a row, or worth a look.
 *
 * @param line where the row begins, from 1
 * @param column the column's name as the file has it; empty where it is the whole row
 * @param cause in words that stand alone
 * @param isWarning whether the row is taken all the same
 * @param row what it says, where that can be read; to be mended
 */
public record Fault(long line, String column, String cause, boolean isWarning, Optional<ProductRow> row) {

    /** The row is left out, and nothing of it can be read. */
    public static Fault error(long line, String column, String cause) {
        return new Fault(line, column, cause, false, Optional.empty());
    }

    /** The row is left out. */
    public static Fault error(ProductRow row, String column, String cause) {
        return new Fault(row.line(), column, cause, false, Optional.of(row));
    }

    /** The row is taken all the same. */
    public static Fault warning(long line, String column, String cause) {
        return new Fault(line, column, cause, true, Optional.empty());
    }
}
