import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * A model of Vitrine on any number of machines, event by event. It needs a JDK and nothing else:
 *
 * <pre>
 * java docs/scaling/Simulation.java queue    jobs that come at random to threads on cores: how long they wait
 * java docs/scaling/Simulation.java workers  worker processes on one machine with all they can do: jobs a second
 * java docs/scaling/Simulation.java size     how many machines a shop needs, and what breaks first
 * </pre>
 *
 * Every figure is an option, {@code --name=value}; without options they are those measured in docs/performance.md. Times
 * are in seconds, memory in bytes unless a name says otherwise. The same seed gives the same answer.
 */
final class Simulation {
    private static final int DAY = 86_400;

    private static final Map<String, String> QUEUE = Map.of(
            "arrivals", "8", // a second
            "service", "0.1", // processor time of a job
            "spread", "fixed", // or exponential
            "threads", "1",
            "cores", "1",
            "jobs", "500000",
            "seed", "1");

    /** A worker of one thread, alone on two cores. */
    private static final Map<String, String> WORKERS = Map.of(
            "threads", "1,2,4",
            "cores", "2",
            "encode", "0.102", // of a picture, in the worker's one thread
            "around", "0.011", // in the worker's other threads
            "elsewhere", "0.017", // in api, Redis, Qdrant and whoever sends the pictures
            "contention", "1.12",
            "jobs", "5000");

    private static final Map<String, String> SIZE = Map.ofEntries(
            // The shop.
            Map.entry("products", "1e6,1e7,1e8"), // pictures in the index
            Map.entry("changed", "0.02"), // of them are uploaded a day
            Map.entry("nightly", "0.5"), // of these in one import at two o'clock
            Map.entry("import-rate", "200"), // uploads a second that it sends
            Map.entry("searches", "0.5"), // a day for each product
            Map.entry("replicas", "2"), // copies of a vector
            Map.entry("patience", "60"), // what 95 of 100 uploads may wait by day
            Map.entry("seed", "1"),
            // A machine.
            Map.entry("cores", "8"),
            Map.entry("memory", "32e9"),
            Map.entry("disk", "500e9"),
            // What things cost; processor time unless it says otherwise.
            Map.entry("cost", "0.065"), // a picture
            Map.entry("large", "0.1"), // beyond that, one picture in ten, of 12 megapixels
            Map.entry("picture", "100e3"), // bytes in the spool
            Map.entry("accept-cost", "0.002"), // an upload, in the api
            Map.entry("query-cost", "0.045"), // embedding a query, in the api
            Map.entry("redis-cost", "0.0008"), // a job
            Map.entry("redis-bytes", "600"), // a job that is remembered
            Map.entry("remembered-days", "7"),
            Map.entry("point-memory", "4400"), // bytes of a point in Qdrant and in the cache of its files
            Map.entry("search-cost", "0.001"), // a search, in Qdrant
            Map.entry("upsert-cost", "0.001"), // a point, in Qdrant
            Map.entry("process-memory", "2e9"), // limit of an api or worker process of two cores
            Map.entry("max-queue", "100000"), // VITRINE_MAX_QUEUE
            Map.entry("used", "0.6")); // of cores that clients wait for

    /** What is done; a job when a worker's thread does it, else what comes beside it. */
    private record Task(double due, double finish, boolean isJob) {}

    /** Jobs that wait in one line for threads, which share cores with whatever else runs there. */
    private static final class Machine {
        private final int threads;
        private final double cores;
        private final double contention;
        private final DoubleSupplier work;
        private final double beside;
        private final PriorityQueue<Task> running = new PriorityQueue<>(Comparator.comparingDouble(Task::finish));
        private final ArrayDeque<Double> waiting = new ArrayDeque<>();
        private double now;
        private double progress;
        private int jobs;
        private double busy;
        private long longestLine;
        private double[] waits;
        private int begun;
        private int ended;

        /**
         * @param contention how much more processor time all work takes when all cores are busy, for memory is shared too
         * @param work processor time of a job in its thread
         * @param beside processor time that a job costs in other threads and processes of the machine
         */
        Machine(int threads, double cores, double contention, DoubleSupplier work, double beside) {
            this.threads = threads;
            this.cores = cores;
            this.contention = contention;
            this.work = work;
            this.beside = beside;
        }

        /** Until all jobs have ended; {@code due} are the times at which they come, in their order. */
        void run(double[] due) {
            waits = new double[due.length];
            int next = 0;
            while (ended < due.length) {
                double end = running.isEmpty()
                        ? Double.POSITIVE_INFINITY
                        : now + (running.peek().finish - progress) / speed();
                if (next < due.length && due[next] <= end) {
                    move(due[next]);
                    waiting.add(due[next++]);
                    longestLine = Math.max(longestLine, waiting.size());
                } else {
                    move(end);
                    if (running.poll().isJob) {
                        jobs--;
                        ended++;
                    }
                }
                while (jobs < threads && !waiting.isEmpty()) {
                    double since = waiting.poll();
                    waits[begun++] = now - since;
                    jobs++;
                    running.add(new Task(now, progress + work.getAsDouble(), true));
                    if (beside > 0) {
                        running.add(new Task(now, progress + beside, false));
                    }
                }
            }
        }

        /** All that runs has an equal share of the cores, and nothing more than one core. */
        private double speed() {
            int active = running.size();
            double used = Math.min(active, cores);
            double slower = cores <= 1 ? 1 : 1 + (contention - 1) * Math.max(0, used - 1) / (cores - 1);
            return used / active / slower;
        }

        private void move(double to) {
            if (!running.isEmpty()) {
                progress += (to - now) * speed();
                busy += (to - now) * Math.min(running.size(), cores);
            }
            now = to;
        }

        double meanWait() {
            return Arrays.stream(waits).average().orElse(0);
        }

        /** How long that share of the jobs waited at most, of those from one on. */
        double wait(double quantile, int from) {
            double[] sorted = Arrays.copyOfRange(waits, from, waits.length);
            Arrays.sort(sorted);
            return sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
        }
    }

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        String command = args.length == 0 ? "size" : args[0];
        try {
            switch (command) {
                case "queue" -> queue(Options.of(QUEUE, args));
                case "workers" -> workers(Options.of(WORKERS, args));
                case "size" -> Shop.size(Options.of(SIZE, args));
                default -> throw new Refusal("'" + command + "' is no command; there are queue, workers and size");
            }
        } catch (Refusal e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void queue(Options options) {
        double service = options.number("service");
        int threads = (int) options.number("threads");
        Random random = new Random((long) options.number("seed"));
        double[] due = new double[(int) options.number("jobs")];
        for (int i = 1; i < due.length; i++) {
            due[i] = due[i - 1] + exponential(random, 1 / options.number("arrivals"));
        }
        DoubleSupplier work =
                options.text("spread").equals("fixed") ? () -> service : () -> exponential(random, service);
        Machine machine = new Machine(threads, options.number("cores"), 1, work, 0);
        machine.run(due);
        System.out.printf(
                "mean wait %.5f s, p95 %.4f s, longest line %d, busy %.3f%n",
                machine.meanWait(), machine.wait(0.95, 0), machine.longestLine, machine.busy / machine.now);
    }

    private static void workers(Options options) {
        double encode = options.number("encode");
        double beside = options.number("around") + options.number("elsewhere");
        int count = (int) options.number("jobs");
        System.out.println("| worker processes | jobs a second | busy cores |");
        System.out.println("| --- | --- | --- |");
        for (double threads : options.numbers("threads")) {
            Machine machine = new Machine(
                    (int) threads, options.number("cores"), options.number("contention"), () -> encode, beside);
            machine.run(new double[count]);
            System.out.printf(
                    "| %.0f | %.1f | %.2f |%n", threads, count / machine.now, machine.busy / machine.now);
        }
    }

    private static double exponential(Random random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(2);
    }

    /** A shop's day: uploads come by the hour, and a part of them in one import at night. */
    private static final class Shop {
        /** Share of the day's uploads by hour, in thousandths. */
        private static final int[] HOURS = {
            12, 8, 6, 5, 6, 10, 20, 35, 50, 60, 65, 65, 60, 60, 62, 65, 68, 70, 72, 70, 60, 40, 20, 11
        };

        private static final double BUSIEST = 72 / 1000.0 / 3600;
        private static final int NIGHT = 2 * 3600;
        private static final int MORNING = 6 * 3600;

        private final Options options;
        private final double products;
        private final double rate;
        private final double[] due;
        private final int lastImported;
        private final int firstByDay;

        Shop(Options options, double products) {
            this.options = options;
            this.products = products;
            this.rate = options.number("import-rate");
            int jobs = (int) (products * options.number("changed"));
            int nightly = (int) (jobs * options.number("nightly"));
            this.due = arrivals(jobs, nightly);
            this.lastImported = Math.max(0, before(NIGHT + nightly / rate) - 1);
            this.firstByDay = Math.min(before(MORNING), jobs - 1);
        }

        static void size(Options options) {
            List<Map<String, String>> columns = Arrays.stream(options.numbers("products"))
                    .mapToObj(products -> new Shop(options, products).column())
                    .toList();
            columns.get(0).keySet().forEach(row -> {
                System.out.println(columns.stream()
                        .map(column -> column.get(row))
                        .collect(Collectors.joining(" | ", "| " + row + " | ", " |")));
                if (row.equals("products")) {
                    System.out.println("| --- |" + " --- |".repeat(columns.size()));
                }
            });
        }

        private Map<String, String> column() {
            int workers = workers();
            Machine day = day(workers);
            double used = options.number("used");
            double picturesAtMost = workers / options.number("cost");
            double searches = products * options.number("searches") * BUSIEST;
            double api = (searches * options.number("query-cost") + rate * options.number("accept-cost")) / used;
            double redis = Math.max(picturesAtMost, rate) * options.number("redis-cost");
            double redisMemory = due.length * options.number("remembered-days") * options.number("redis-bytes");
            double qdrant = (searches * options.number("search-cost") + picturesAtMost * options.number("upsert-cost")) / used;
            double vectors = products * options.number("point-memory");
            double spool = day.longestLine * options.number("picture");
            double cores = options.number("cores");
            double memory = options.number("memory");
            double allVectors = vectors * options.number("replicas");
            double allCores = workers + api + redis + qdrant;
            double allMemory =
                    allVectors + 2 * redisMemory + Math.ceil((workers + api) / 2) * options.number("process-memory");
            double machines = Math.ceil(Math.max(allCores / cores, allMemory / (0.7 * memory)));

            Map<String, String> rows = new LinkedHashMap<>();
            rows.put("products", "%,.0f".formatted(products));
            rows.put("uploads a day", "%,d".formatted(due.length));
            rows.put("worker cores", Integer.toString(workers));
            rows.put("night's import done at", clock(imported(day)));
            rows.put("p95 wait by day, s", "%.1f".formatted(day.wait(0.95, firstByDay)));
            rows.put("longest line, jobs", "%,d".formatted(day.longestLine));
            rows.put("spool at most, GB", "%.1f".formatted(spool / 1e9));
            rows.put("searches a second in the busiest hour", "%.0f".formatted(searches));
            rows.put("api cores", "%.1f".formatted(api));
            rows.put("Redis, cores", "%.2f".formatted(redis));
            rows.put("Redis, GB", "%.1f".formatted(redisMemory / 1e9));
            rows.put("Qdrant, cores", "%.1f".formatted(qdrant));
            rows.put("Qdrant, GB of memory in all copies", "%.0f".formatted(allVectors / 1e9));
            rows.put("machines", "%.0f".formatted(machines));
            rows.put("machines, of which one may fail", "%.0f".formatted(Math.max(3, machines + 1)));
            rows.put("first upload of everything, days", "%.1f".formatted(products * options.number("cost") / workers / DAY));
            rows.put("breaks first on one machine", first(Map.of(
                    "Qdrant's memory", vectors / (0.7 * memory),
                    "cores for workers", workers / cores,
                    "cores for searches", api / cores,
                    "Redis' memory", redisMemory / (0.25 * memory),
                    "Redis' one core", redis,
                    "VITRINE_MAX_QUEUE", day.longestLine / options.number("max-queue"),
                    "the spool's disk", spool / (0.5 * options.number("disk")))));
            return rows;
        }

        /** As few cores as have the import done by morning, and by day let few uploads wait longer than they may. */
        private int workers() {
            int few = 0;
            int enough = 1;
            while (!isEnough(enough)) {
                few = enough;
                enough *= 2;
            }
            while (enough - few > 1) {
                int middle = (few + enough) / 2;
                if (isEnough(middle)) {
                    enough = middle;
                } else {
                    few = middle;
                }
            }
            return enough;
        }

        private boolean isEnough(int workers) {
            Machine day = day(workers);
            return imported(day) <= MORNING && day.wait(0.95, firstByDay) <= options.number("patience");
        }

        private Machine day(int workers) {
            Random random = new Random((long) options.number("seed"));
            double cost = options.number("cost");
            double large = options.number("large");
            DoubleSupplier work = () -> cost + (random.nextInt(10) == 0 ? large : 0);
            Machine machine = new Machine(workers, workers, 1, work, 0);
            machine.run(due);
            return machine;
        }

        /** When the last of the import is begun. */
        private double imported(Machine day) {
            return due[lastImported] + day.waits[lastImported];
        }

        private double[] arrivals(int jobs, int nightly) {
            Random random = new Random((long) options.number("seed"));
            double[] times = new double[jobs];
            for (int i = 0; i < jobs; i++) {
                int hour = 0;
                for (int left = random.nextInt(1000) - HOURS[0]; left >= 0; left -= HOURS[hour]) {
                    hour++;
                }
                times[i] = i < nightly ? NIGHT + i / rate : (hour + random.nextDouble()) * 3600;
            }
            Arrays.sort(times);
            return times;
        }

        private int before(double time) {
            int found = Arrays.binarySearch(due, time);
            return found < 0 ? -found - 1 : found;
        }

        private static String first(Map<String, Double> loads) {
            return loads.entrySet().stream()
                    .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                    .limit(3)
                    .map(load -> "%s (%.0f %%)".formatted(load.getKey(), 100 * load.getValue()))
                    .collect(Collectors.joining(", "));
        }

        private static String clock(double seconds) {
            return "%02d:%02d".formatted((int) seconds / 3600, (int) seconds / 60 % 60);
        }
    }

    /** What holds unless the command line says otherwise. */
    private record Options(Map<String, String> values) {

        static Options of(Map<String, String> defaults, String[] args) {
            Map<String, String> values = new TreeMap<>(defaults);
            for (int i = 1; i < args.length; i++) {
                String[] option = args[i].split("=", 2);
                String name = option[0].startsWith("--") ? option[0].substring(2) : "";
                if (option.length == 1 || !defaults.containsKey(name)) {
                    throw new Refusal("'" + args[i] + "' is no option; there are " + new Options(values));
                }
                values.put(name, option[1]);
            }
            return new Options(values);
        }

        double number(String name) {
            try {
                return Double.parseDouble(text(name).replace("_", ""));
            } catch (NumberFormatException e) {
                throw new Refusal("--" + name + " is '" + text(name) + "'; it must be a number");
            }
        }

        double[] numbers(String name) {
            return Arrays.stream(text(name).split(","))
                    .mapToDouble(one -> new Options(Map.of(name, one)).number(name))
                    .toArray();
        }

        String text(String name) {
            return values.get(name);
        }

        @Override
        public String toString() {
            return values.entrySet().stream()
                    .map(option -> "--" + option.getKey() + "=" + option.getValue())
                    .collect(Collectors.joining(" "));
        }
    }

    /** A command line that cannot be followed. */
    private static final class Refusal extends RuntimeException {
        Refusal(String message) {
            super(message);
        }
    }
}
