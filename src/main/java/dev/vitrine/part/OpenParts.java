package dev.vitrine.part;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, to be closed in the opposite order, also by a thread that was interrupted. */
public final class OpenParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean closed;

    /** Opens a part; it is closed with the others even where opening it fails. */
    public void open(Part part) throws Exception {
        parts.push(part);
        part.open();
    }

    /** Closes something with the others, before those that are there already. */
    public void add(AutoCloseable opened) {
        parts.push(opened);
    }

    /** Closes all; one that cannot be closed is said in the log and keeps no other from it. Once is enough. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        boolean interrupted = Thread.interrupted();
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("While stopping: {}", e.toString());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
