package dev.vitrine.reload;

import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Always up, because the routes of before run on; with a warning while the files have problems. */
public final class RouteHealth extends AbstractHealthCheck {
    private final Supplier<RouteState> state;

    public RouteHealth(Supplier<RouteState> state) {
        super("vitrine", "routes");
        this.state = state;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.up();
        RouteState now = state.get();
        if (now.status().equals("refused")) {
            String warning = now.problems().stream().map(Object::toString).collect(Collectors.joining("; "));
            builder.message(warning).detail("message", "warning: the changed routes are not loaded: " + warning);
        }
    }
}
