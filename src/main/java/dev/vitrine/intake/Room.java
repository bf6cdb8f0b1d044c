package dev.vitrine.intake;

import java.util.function.BooleanSupplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;

/**
 * Lets a source wait while nothing can be taken: as the {@code filter} of a file source, or as the {@code pollStrategy}
 * of any other source that polls.
 */
public final class Room extends DefaultPollingConsumerPollStrategy implements GenericFileFilter<Object> {
    private final BooleanSupplier room;

    /** @param room whether anything can be taken now */
    public Room(BooleanSupplier room) {
        this.room = room;
    }

    @Override
    public boolean accept(GenericFile<Object> file) {
        return room.getAsBoolean();
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return room.getAsBoolean();
    }
}
