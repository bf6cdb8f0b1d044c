package dev.vitrine.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.stream.Stream;

/** {@code %ex}: the lines of a stack trace are ours, the messages in it may be anybody's and stay on one line each. */
public final class EscapedTrace extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy thrown) {
        return super.throwableProxyToString(new Escaped(thrown));
    }

    /** The same exception with another message, its causes alike. */
    private record Escaped(IThrowableProxy thrown) implements IThrowableProxy {

        private static IThrowableProxy of(IThrowableProxy thrown) {
            return thrown == null ? null : new Escaped(thrown);
        }

        @Override
        public String getMessage() {
            return thrown.getMessage() == null ? null : EscapedText.of(thrown.getMessage());
        }

        @Override
        public String getClassName() {
            return thrown.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return thrown.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return thrown.getCommonFrames();
        }

        @Override
        public IThrowableProxy getCause() {
            return of(thrown.getCause());
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            return Stream.of(thrown.getSuppressed()).map(Escaped::of).toArray(IThrowableProxy[]::new);
        }

        @Override
        public boolean isCyclic() {
            return thrown.isCyclic();
        }
    }
}
