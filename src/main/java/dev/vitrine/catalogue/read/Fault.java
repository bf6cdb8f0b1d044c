package dev.vitrine.catalogue.read;

/**
 * What is wrong with a row, or worth a look.
 *
 * @param line where the row begins, from 1
 * @param column the column's name as the file has it; empty where it is the whole row
 * @param cause in words that stand alone
 * @param isWarning whether the row is taken all the same
 */
public record Fault(long line, String column, String cause, boolean isWarning) {

    /** The row is left out. */
    public static Fault error(long line, String column, String cause) {
        return new Fault(line, column, cause, false);
    }

    /** The row is taken all the same. */
    public static Fault warning(long line, String column, String cause) {
        return new Fault(line, column, cause, true);
    }
}
