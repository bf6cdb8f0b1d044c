package dev.vitrine.history;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** The database of a service that keeps no history. */
final class Unreachable extends AbstractDataSource {
    @Override
    public Connection getConnection() throws SQLException {
        throw new SQLException("This service keeps no history of jobs (VITRINE_HISTORY_URL)");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }
}
