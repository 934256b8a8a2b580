using SharpFuzz;

namespace Chuizi.Video.Fuzz;

/// <summary>Runs a target with the inputs of afl-fuzz, whose first argument is its name, or once with each of the named files.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0 || FuzzTargets.Find(arguments[0]) is not { } target)
        {
            Console.Error.WriteLine($"Usage: Fuzz <target> [file ...]. The targets are {string.Join(", ", FuzzTargets.Names)}.");
            return 2;
        }

        if (arguments.Length == 1)
        {
            Fuzzer.Run(stream =>
            {
                using MemoryStream input = new();
                stream.CopyTo(input);
                target(input.ToArray());
            });
            return 0;
        }

        foreach (string file in arguments[1..])
        {
            Console.WriteLine(file);
            target(File.ReadAllBytes(file));
        }

        return 0;
    }
}
