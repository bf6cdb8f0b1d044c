package dev.vitrine.history;

import java.sql.SQLException;

/** The database was not even asked, as it did not answer when it was asked last. */
final class HistoryAwayException extends SQLException {
    private static final long serialVersionUID = 1;

    HistoryAwayException(String why) {
        super("The history of jobs is away: " + why);
    }
}
