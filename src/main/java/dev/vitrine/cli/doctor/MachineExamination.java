package dev.vitrine.cli.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.vitrine.http.HttpSettings;
import dev.vitrine.part.Diagnosis;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Looks at what the machine gives: Java, open files, the port. */
final class MachineExamination {
    private static final long FEW_FILES = 4_096;

    private final HttpSettings http;
    private final boolean answers;

    /** @param answers whether a Vitrine answers at the port already */
    MachineExamination(HttpSettings http, boolean answers) {
        this.http = http;
        this.answers = answers;
    }

    List<Diagnosis> run() {
        List<Diagnosis> all = new ArrayList<>();
        all.add(Diagnosis.good(
                "java",
                System.getProperty("java.vm.name") + " " + Runtime.version() + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors, up to "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MB of heap"));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            all.add(files(system.getMaxFileDescriptorCount()));
        }
        all.add(port());
        return all;
    }

    /** Java raises the soft limit to the hard one, here as in the service. */
    private static Diagnosis files(long most) {
        String found = "up to " + most + " by the limits of this shell";
        return most < FEW_FILES
                ? Diagnosis.advice(
                        "open files",
                        found,
                        "set LimitNOFILE=65536 in the service's unit (or ulimit -n): half of them can be connections")
                : Diagnosis.good("open files", found);
    }

    private Diagnosis port() {
        if (answers) {
            return Diagnosis.good("port " + http.port(), "Vitrine answers there");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(http.host()), http.port()));
            return Diagnosis.good("port " + http.port(), "free");
        } catch (BindException e) {
            return Diagnosis.fault(
                    "port " + http.port(),
                    "it cannot be had: " + e.getMessage(),
                    "end the other program (ss -ltnp shows it), or set VITRINE_HTTP_PORT and VITRINE_HTTP_HOST");
        } catch (IOException e) {
            return Diagnosis.fault(
                    "port " + http.port(),
                    "VITRINE_HTTP_HOST is " + http.host() + ", which is none of this machine's names",
                    "set it to an address of this machine, or 0.0.0.0 for all");
        }
    }
}
