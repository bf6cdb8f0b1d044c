package dev.vitrine.reload;

import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Up with a warning while the files have problems, because the routes of before run on; down while routes that should
 * run don't.
 */
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
        RouteState now = state.get();
        String problems = now.problems().stream().map(Object::toString).collect(Collectors.joining("; "));
        switch (now.status()) {
            case "broken" -> builder.down().message(problems).detail("message", problems);
            case "refused" ->
                builder.up()
                        .message(problems)
                        .detail("message", "warning: the changed routes are not loaded: " + problems);
            default -> builder.up();
        }
    }
}
