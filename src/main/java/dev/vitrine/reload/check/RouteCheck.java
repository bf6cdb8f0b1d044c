package dev.vitrine.reload.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.camel.cli.connector.DefaultCliConnectorFactory;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.CliConnectorFactory;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Checks route files without running them. First each line is looked at by itself: keys, endpoints and their options,
 * expressions, beans and methods, placeholders, names of other routes; all mistakes are found at once. Where none is,
 * the files are loaded into a Camel context that is initialised and never started, which finds what only Camel itself
 * knows. Beans that a file makes are made for that; nothing consumes and nothing is sent.
 */
public final class RouteCheck {
    private final Map<String, Object> beans;
    private final Properties properties;
    private final SchemaCheck schema = new SchemaCheck();

    /**
     * @param beans what the routes may name
     * @param properties what placeholders may name
     */
    public RouteCheck(Map<String, Object> beans, Properties properties) {
        this.beans = beans;
        this.properties = properties;
    }

    /** Checks files together, as they run together; empty when nothing is wrong, else by file and line. */
    public List<Finding> check(List<RouteSource> sources) throws Exception {
        try {
            return findings(sources);
        } catch (StackOverflowError e) {
            throw new IllegalStateException("the route files are nested too deep to be checked", e);
        }
    }

    private List<Finding> findings(List<RouteSource> sources) throws Exception {
        List<Finding> findings = new ArrayList<>();
        try (DefaultCamelContext scratch = new DefaultCamelContext()) {
            scratch.disableJMX();
            scratch.setAutoStartup(false);
            scratch.getPropertiesComponent().setInitialProperties(properties);
            ((PropertiesComponent) scratch.getPropertiesComponent())
                    .setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK); // as it runs
            // Camel's command line would start a connector here, which walks through the registry while it is filled.
            DefaultCliConnectorFactory noCli = new DefaultCliConnectorFactory();
            noCli.setEnabled(false);
            scratch.getCamelContextExtension().addContextPlugin(CliConnectorFactory.class, noCli);
            beans.forEach(scratch.getRegistry()::bind);
            scratch.build();
            List<RouteFile> files = read(sources, findings);
            if (files.size() == sources.size()) {
                Lines lines = new Lines(scratch, files, findings);
                lines.check();
                if (findings.isEmpty()) {
                    load(scratch, files, lines, findings);
                }
            }
        }
        findings.sort(null);
        return findings;
    }

    private List<RouteFile> read(List<RouteSource> sources, List<Finding> all) {
        List<RouteFile> files = new ArrayList<>();
        for (RouteSource source : sources) {
            Findings findings = new Findings(source.file(), all);
            try {
                Optional<YamlNode> root = YamlNode.parse(source.text());
                if (root.isEmpty() || root.get().isNull()) {
                    findings.add(0, "the file is empty; delete it to remove its routes");
                } else if (source.isKamelet() != root.get().isMap()) {
                    findings.add(
                            root.get().line(),
                            source.isKamelet()
                                    ? "a Kamelet begins with apiVersion, kind and metadata"
                                    : "the file must be a list; begin each entry with \"- \", such as \"- route:\"");
                } else {
                    files.add(new RouteFile(source, root.get()));
                }
            } catch (YamlNode.NotYamlException e) {
                findings.add(e.line(), e.getMessage());
            }
        }
        return files;
    }

    private static void load(DefaultCamelContext scratch, List<RouteFile> files, Lines lines, List<Finding> all)
            throws Exception {
        Model model = scratch.getCamelContextExtension().getContextPlugin(Model.class);
        List<Resource> resources = new ArrayList<>();
        for (RouteFile file : files) {
            Resource resource = ResourceHelper.fromString(
                    "file:" + file.path(), file.source().text());
            try {
                PluginHelper.getRoutesLoader(scratch).findRoutesBuilders(resource);
                resources.add(resource);
            } catch (Exception e) {
                all.add(new Finding(file.path(), 0, CamelFault.of(e)));
            }
        }
        if (!all.isEmpty()) {
            return;
        }
        try {
            PluginHelper.getRoutesLoader(scratch).loadRoutes(resources);
            lines.tryOut(); // first, as Camel names no line for what it finds
            if (all.isEmpty()) {
                scratch.init();
            }
        } catch (Exception e) {
            all.add(located(model, files, e));
        }
    }

    /** Finds the route that an exception of Camel is about. */
    private static Finding located(Model model, List<RouteFile> files, Exception failure) {
        String reason = CamelFault.of(failure);
        for (RouteFile file : files) {
            for (RouteFile.Definition route : file.routes()) {
                if (!route.id().isEmpty() && reason.contains("route: " + route.id() + " ")
                        || reason.contains("route " + route.id() + " ")) {
                    return new Finding(file.path(), route.line(), reason);
                }
            }
        }
        for (RouteDefinition route : model.getRouteDefinitions()) {
            if (reason.contains(route.getId()) && route.getResource() != null) {
                String location = route.getResource().getLocation();
                for (RouteFile file : files) {
                    if (location.equals("file:" + file.path())) {
                        return new Finding(file.path(), 0, reason);
                    }
                }
            }
        }
        return new Finding(files.get(0).path().resolveSibling(""), 0, reason);
    }

    /** Looks at an endpoint where the parameters of its template have these values. */
    private interface EndpointVisit {
        void check(Uses.Endpoint endpoint, Map<String, String> parameters, Findings findings);
    }

    /** The checks of each line by itself. */
    private final class Lines {
        private final DefaultCamelContext context;
        private final List<RouteFile> files;
        private final List<Finding> all;
        private final Map<RouteFile, Uses> uses = new LinkedHashMap<>();
        private final Placeholders placeholders;
        private final Preconditions preconditions;
        private final EndpointCheck endpoints;
        private final ExpressionCheck expressions;
        private final FormatCheck formats;
        private final BeanCheck beanCheck;
        private final PathCheck paths;

        Lines(DefaultCamelContext context, List<RouteFile> files, List<Finding> all) {
            this.context = context;
            this.files = files;
            this.all = all;
            this.placeholders = new Placeholders(context, properties);
            this.preconditions = new Preconditions(context, placeholders);
            this.endpoints = new EndpointCheck(context, preconditions, placeholders);
            this.expressions = new ExpressionCheck(context, placeholders);
            this.paths = new PathCheck(preconditions, placeholders);
            this.formats = new FormatCheck(context);
            this.beanCheck = new BeanCheck(context, beans);
        }

        void check() {
            for (RouteFile file : files) {
                Findings findings = new Findings(file.path(), all);
                file.beans().forEach(bean -> beanCheck.declare(bean, findings));
                uses.put(file, new Uses(file));
            }
            Set<String> exceptions = new TreeSet<>(Set.of("java.lang.Throwable", "java.lang.Exception"));
            uses.values().stream()
                    .flatMap(use -> use.names().stream())
                    .filter(name -> name.kind().equals("exception") && beanCheck.isClass(name.name()))
                    .forEach(name -> exceptions.add(name.name()));
            NameCheck names = new NameCheck(files, uses, placeholders);
            uses.forEach((file, use) -> {
                Findings findings = new Findings(file.path(), all);
                check(file, use, exceptions, findings);
                names.check(file, findings);
                paths.check(file, use, findings);
            });
            if (all.isEmpty()) {
                eachEndpointOfTemplates(endpoints::check);
            }
        }

        /** Makes every endpoint, which finds what only its component knows. */
        void tryOut() {
            EndpointTrial trial = new EndpointTrial(context, preconditions, placeholders, properties);
            uses.forEach((file, use) -> {
                Findings findings = new Findings(file.path(), all);
                use.endpoints().forEach(endpoint -> trial.check(endpoint, file.parameters(), findings));
            });
            eachEndpointOfTemplates(trial::check);
        }

        private void eachEndpointOfTemplates(EndpointVisit visit) {
            TemplateUses templates = new TemplateUses(files, uses);
            for (RouteFile file : files) {
                Findings findings = new Findings(file.path(), all);
                for (Uses.FromTemplate made : templates.in(file)) {
                    Map<String, String> parameters =
                            templates.parameters(made, text -> placeholders.fill(text, file.parameters()));
                    templates.endpoints(made).forEach(endpoint -> visit.check(endpoint, parameters, findings));
                }
            }
        }

        private void check(RouteFile file, Uses use, Set<String> exceptions, Findings findings) {
            Map<String, String> parameters = file.parameters();
            UnaryOperator<String> fill =
                    text -> placeholders.isKnown(text, parameters) ? placeholders.fill(text, parameters) : "{{later}}";
            if (file.source().isKamelet()) {
                file.template()
                        .ifPresentOrElse(
                                template -> schema.template(template, fill, findings),
                                () -> findings.add(0, "a Kamelet needs spec.template with its steps"));
            } else {
                schema.routes(file.root(), fill, findings);
            }
            Set<String> local = new HashSet<>(parameters.keySet());
            use.endpoints().forEach(endpoint -> endpoints.check(endpoint, parameters, findings));
            use.formats().forEach(format -> formats.check(format, findings));
            use.calls().forEach(call -> beanCheck.check(call, local, findings));
            for (Uses.Expression expression : use.expressions()) {
                expressions.check(expression, parameters, findings);
                beanCheck.checkSimple(expression.text(), expression.line(), local, findings);
            }
            for (YamlNode text : use.texts()) {
                placeholders.check(text, parameters, findings);
                beanCheck.checkReference(text, local, findings);
            }
            use.names().stream()
                    .filter(name -> name.kind().equals("exception"))
                    .forEach(name -> beanCheck.checkException(name, exceptions, findings));
        }
    }
}
