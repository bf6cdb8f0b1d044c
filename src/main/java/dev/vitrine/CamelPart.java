package dev.vitrine;

import dev.vitrine.http.HttpPart;
import dev.vitrine.ops.ConsumerHealth;
import dev.vitrine.ops.LastingThreadPools;
import dev.vitrine.ops.OpsPart;
import dev.vitrine.ops.ServiceHealth;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import dev.vitrine.reload.RouteHealth;
import dev.vitrine.reload.RoutesPart;
import dev.vitrine.reload.check.Finding;
import dev.vitrine.reload.check.RouteCheck;
import dev.vitrine.reload.check.RouteSource;
import dev.vitrine.settings.SettingSource;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.cli.connector.DefaultCliConnectorFactory;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.util.IOHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.objenesis.Objenesis;
import org.springframework.objenesis.ObjenesisStd;

/** Camel, which runs the routes on what the other parts give, and the check of routes against the same. */
final class CamelPart implements Part {
    private static final Logger LOG = LoggerFactory.getLogger(Vitrine.class);

    /** The logger of a route's step {@code log} that names none, which the configuration of the log shows. */
    private static final String ROUTE_LOG = "route.${routeId}";

    private final Settings settings;
    private final List<Part> parts;
    private final HttpPart http;
    private final RoutesPart routes;
    private final OpsPart ops;
    private final Main camel = new Main();

    /** @param parts what is open before routes run, in this order */
    CamelPart(Settings settings, List<Part> parts, HttpPart http, RoutesPart routes, OpsPart ops) {
        this.settings = settings;
        this.parts = parts;
        this.http = http;
        this.routes = routes;
        this.ops = ops;
    }

    CamelContext context() {
        return camel.getCamelContext();
    }

    @Override
    public void open() throws Exception {
        for (Part part : parts) {
            for (Offer<?> offer : part.beans()) {
                Object bean = offer.bean().get();
                if (bean != null) {
                    camel.bind(offer.name(), bean);
                }
            }
        }
        fromEnvironment(SettingSource.readFile(Settings.configuration(settings.home())))
                .forEach(camel::addOverrideProperty);
        properties().forEach(camel::addOverrideProperty);
        camel.setPropertyPlaceholderLocations(
                "classpath:application.properties,file:" + Settings.configuration(settings.home()) + ";optional=true");
        // The connector is on the class path and would start by itself.
        DefaultCliConnectorFactory cli = new DefaultCliConnectorFactory();
        cli.setEnabled(settings.routes().cli());
        camel.bind("cli", cli);
        camel.bind("threadPools", new LastingThreadPools());
        if (settings.routes().cli()) {
            camel.addOverrideProperty("camel.main.jmxEnabled", "true");
            camel.addOverrideProperty("camel.main.devConsoleEnabled", "true");
        }
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport main) {
                main.getCamelContext().getGlobalOptions().put(Exchange.LOG_EIP_NAME, ROUTE_LOG);
                // Camel would have {{vitrine.inbox}} be VITRINE_INBOX, though a demo has another drop folder.
                ((PropertiesComponent) main.getCamelContext().getPropertiesComponent())
                        .setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
                try {
                    main.getCamelContext().addService(http.server());
                } catch (Exception e) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
            }

            @Override
            public void afterConfigure(BaseMainSupport main) {
                HealthCheckRegistry registry = HealthCheckRegistry.get(main.getCamelContext());
                List<Probe> probes =
                        parts.stream().flatMap(part -> part.probes().stream()).toList();
                List<HealthCheck> checks = new ArrayList<>(
                        new ServiceHealth(probes, settings.role().isApi()).checks());
                checks.add(new RouteHealth(routes::state));
                checks.add(new ConsumerHealth(main.getCamelContext(), Clock.systemUTC()));
                checks.forEach(registry::register);
                checks.forEach(ops.parts()::watch);
            }
        });
        try {
            camel.start();
        } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError e) {
            throw explained(e);
        }
    }

    /** What the environment says instead of a site's own properties, as it does of settings. */
    private static Map<String, String> fromEnvironment(Properties site) {
        Map<String, String> instead = new LinkedHashMap<>();
        for (String name : site.stringPropertyNames()) {
            String value = IOHelper.lookupEnvironmentVariable(name);
            if (value != null) {
                instead.put(name, value);
            }
        }
        return instead;
    }

    @Override
    public Map<String, String> properties() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("vitrine.role.api", Boolean.toString(settings.role().isApi()));
        parts.forEach(part -> all.putAll(part.properties()));
        return all;
    }

    /**
     * A check of routes against the names and types that the parts give, none of which is opened for it. Beans of which a
     * check needs only the class are made without their constructor: they can be found, not called.
     */
    RouteCheck check() {
        Objenesis objenesis = new ObjenesisStd();
        Map<String, Object> beans = new LinkedHashMap<>();
        for (Part part : parts) {
            for (Offer<?> offer : part.beans()) {
                if (offer.example().isPresent()) {
                    beans.put(offer.name(), offer.example().get().get());
                } else if (!Modifier.isAbstract(offer.type().getModifiers())) { // else only Camel itself asks for it
                    beans.put(offer.name(), objenesis.newInstance(offer.type()));
                }
            }
        }
        Properties properties = SettingSource.readFile(Settings.configuration(settings.home()));
        properties.putAll(fromEnvironment(properties));
        properties.putAll(properties());
        properties.put("vitrine.role.worker", Boolean.toString(settings.role().isWorker())); // also without a queue
        return new RouteCheck(beans, properties);
    }

    @Override
    public void close() {
        camel.stop();
    }

    /** What the check finds wrong with the route files, or else why they did not start. */
    private Exception explained(Throwable failure) {
        List<Finding> findings;
        try {
            List<RouteSource> files = routes.sources();
            findings = check().check(files);
        } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError e) {
            failure.addSuppressed(e);
            findings = List.of();
        }
        if (findings.isEmpty()) {
            return failure instanceof Exception exception
                    ? exception
                    : new IllegalStateException("the routes cannot be started: " + failure, failure);
        }
        findings.forEach(finding -> LOG.error("{}", finding.in(Path.of("").toAbsolutePath())));
        IllegalStateException explained = new IllegalStateException("the routes cannot be started: "
                + (findings.size() == 1 ? "one problem" : findings.size() + " problems"));
        explained.addSuppressed(failure);
        return explained;
    }
}
