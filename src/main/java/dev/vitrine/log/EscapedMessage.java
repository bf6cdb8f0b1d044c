package dev.vitrine.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** {@code %msg}, on one line whatever clients, files and servers have put into it. */
public final class EscapedMessage extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return EscapedText.of(super.convert(event));
    }
}
