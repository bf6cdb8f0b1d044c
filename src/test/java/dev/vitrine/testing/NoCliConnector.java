package dev.vitrine.testing;

import org.apache.camel.cli.connector.DefaultCliConnectorFactory;

/**
 * Keeps Camel's command line away from contexts that tests make themselves: its connector would start in each by itself,
 * write to the user's home, and read every gauge once a second. Found by Camel in {@code META-INF/services}, before the
 * connector's own; a service binds its own factory and never asks for one.
 */
public final class NoCliConnector extends DefaultCliConnectorFactory {
    public NoCliConnector() {
        setEnabled(false);
    }
}
