package dev.vitrine.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.ArtifactModel;

/**
 * The jars in {@code components/} beside the launcher, which puts them on the class path after the service's own. Maven
 * finds them, with the versions of everything that the service has already held fast.
 */
final class Components {
    private static final String LIST = "components.txt";
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:";
    private static final long MAVEN_LIMIT_MINUTES = 15;
    private static final Pattern COORDINATES = Pattern.compile("[\\w.-]+:[\\w.-]+:[\\w.-]+");
    private static final Pattern LISTED =
            Pattern.compile("\\s+([\\w.-]+):([\\w.-]+):jar:(?:([\\w.-]+):)?([\\w.-]+):(?:compile|runtime)\\b.*");

    /** A jar of the service. */
    private record Own(String group, String artifact, String classifier, String version) {

        String file() {
            return artifact + "-" + version + (classifier == null ? "" : "-" + classifier) + ".jar";
        }

        String managed() {
            return "<dependency>" + coordinates(group, artifact, version)
                    + (classifier == null ? "" : "<classifier>" + classifier + "</classifier>") + "</dependency>\n";
        }
    }

    private final Path home;
    private final Path folder;
    private final boolean offline;
    private final CamelCatalog catalog = new DefaultCamelCatalog();

    /**
     * @param home the folder of the installation
     * @param offline whether only what Maven has already may be used
     */
    Components(Path home, boolean offline) {
        this.home = home;
        this.folder = home.resolve("components");
        this.offline = offline;
    }

    /** The coordinates of what was added. */
    List<String> list() {
        Path list = folder.resolve(LIST);
        try {
            return Files.exists(list) ? Files.readAllLines(list) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The coordinates of what a name stands for: the scheme of a component, the name of a data format or a language, an
     * artifact of Camel with or without its {@code camel-}, or coordinates.
     *
     * @throws CommandFailedException where it is none of these
     */
    String resolve(String name) throws CommandFailedException {
        if (COORDINATES.matcher(name).matches()) {
            return name;
        }
        List<ArtifactModel<?>> models = new ArrayList<>();
        models.add(catalog.componentModel(name));
        models.add(catalog.dataFormatModel(name));
        models.add(catalog.languageModel(name));
        models.add(catalog.otherModel(name));
        Stream.of(
                        catalog.findComponentNames().stream().map(catalog::componentModel),
                        catalog.findDataFormatNames().stream().map(catalog::dataFormatModel),
                        catalog.findLanguageNames().stream().map(catalog::languageModel),
                        catalog.findOtherNames().stream().map(catalog::otherModel))
                .flatMap(found -> found)
                .filter(model -> model != null
                        && (model.getArtifactId().equals(name)
                                || model.getArtifactId().equals("camel-" + name)))
                .forEach(models::add);
        for (ArtifactModel<?> model : models) {
            if (model != null) {
                return model.getGroupId() + ":" + model.getArtifactId() + ":" + catalog.getCatalogVersion();
            }
        }
        throw new CommandFailedException(
                "Camel has nothing called " + name + "; name the scheme of a component (sftp), a data format (csv),"
                        + " or coordinates (GROUP:ARTIFACT:VERSION)");
    }

    /**
     * Makes the folder hold exactly these, and what they need beyond the service's own jars. It is changed in one step,
     * or not at all.
     *
     * @return how many jars it holds
     */
    int install(Collection<String> wanted) throws CommandFailedException {
        Set<String> coordinates = new TreeSet<>(wanted);
        if (!Files.exists(home.resolve("pom.xml"))) {
            throw new CommandFailedException("There is no pom.xml in " + home
                    + "; add components where Vitrine was built, and copy components/ from there");
        }
        Path work = null;
        try {
            work = Files.createTempDirectory(home, ".components-");
            Path fresh = Files.createDirectory(work.resolve("components"));
            int jars = coordinates.isEmpty() ? 0 : fetch(coordinates, work, fresh);
            Files.write(fresh.resolve(LIST), coordinates);
            new FolderSwap(folder, work.resolve("before"))
                    .replaceBy(coordinates.isEmpty() ? Optional.empty() : Optional.of(fresh));
            return jars;
        } catch (AccessDeniedException e) {
            throw new CommandFailedException("Nothing may be written to " + home + "; run this as its owner");
        } catch (IOException e) {
            throw new UncheckedIOException("The components cannot be written: " + e.getMessage(), e);
        } finally {
            delete(work);
        }
    }

    private int fetch(Set<String> coordinates, Path work, Path fresh) throws IOException, CommandFailedException {
        Path list = work.resolve("own.txt");
        maven(home.resolve("pom.xml"), work, "list", "-DincludeScope=runtime", "-DoutputFile=" + list);
        List<Own> own = own(list);
        Path pom = Files.writeString(work.resolve("pom.xml"), pom(coordinates, own));
        maven(pom, work, "copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=" + fresh);
        Set<String> mine = new HashSet<>(own.stream().map(Own::file).toList());
        int jars = 0;
        for (Path jar : files(fresh)) {
            if (mine.contains(jar.getFileName().toString())) {
                Files.delete(jar);
            } else {
                jars++;
            }
        }
        return jars;
    }

    private static List<Own> own(Path list) throws IOException {
        List<Own> own = new ArrayList<>();
        for (String line : Files.readAllLines(list)) {
            Matcher matcher = LISTED.matcher(line);
            if (matcher.matches()) {
                own.add(new Own(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)));
            }
        }
        return own;
    }

    private String pom(Set<String> coordinates, List<Own> own) {
        StringBuilder pom = new StringBuilder(
                """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                <modelVersion>4.0.0</modelVersion>
                <groupId>dev.vitrine</groupId><artifactId>components</artifactId><version>0</version>
                <dependencyManagement><dependencies>
                """);
        own.forEach(jar -> pom.append(jar.managed()));
        pom.append("<dependency>")
                .append(coordinates("org.apache.camel", "camel-bom", catalog.getCatalogVersion()))
                .append("<type>pom</type><scope>import</scope></dependency>\n")
                .append("</dependencies></dependencyManagement>\n<dependencies>\n");
        for (String each : coordinates) {
            String[] parts = each.split(":");
            pom.append("<dependency>")
                    .append(coordinates(parts[0], parts[1], parts[2]))
                    .append("</dependency>\n");
        }
        return pom.append("</dependencies>\n</project>\n").toString();
    }

    private static String coordinates(String group, String artifact, String version) {
        return "<groupId>" + group + "</groupId><artifactId>" + artifact + "</artifactId><version>" + version
                + "</version>";
    }

    private void maven(Path pom, Path work, String goal, String... options) throws IOException, CommandFailedException {
        Path log = work.resolve("maven.log");
        String program = System.getProperty("os.name").startsWith("Windows") ? "mvn.cmd" : "mvn";
        List<String> command = new ArrayList<>(List.of(program, "-B", "-q", "-f", pom.toString(), PLUGIN + goal));
        command.addAll(List.of(options));
        if (offline) {
            command.add("-o");
        }
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new CommandFailedException("Maven is needed to add components, and cannot be run: " + e.getMessage());
        }
        try {
            if (!process.waitFor(MAVEN_LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new CommandFailedException("Maven took longer than " + MAVEN_LIMIT_MINUTES + " minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted");
        } finally {
            process.destroy();
        }
        if (process.exitValue() != 0) {
            String why = Files.readAllLines(log).stream()
                    .filter(line -> line.contains("[ERROR]"))
                    .map(line -> line.replaceFirst(".*\\[ERROR]", "")
                            .replace("-> [Help 1]", "")
                            .strip())
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse("it does not say why");
            throw new CommandFailedException("Maven cannot resolve them: " + why);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
