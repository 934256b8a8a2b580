namespace Chuizi.Video.Soak;

/// <summary>The fault campaign: <c>dotnet run -c Release --project tests/Soak -- --batches 100 --seed 7</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (SoakOptions.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(SoakOptions.Usage);
            return 2;
        }

        // The campaign must not use the key or the ledger of the user.
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "off");
        Environment.SetEnvironmentVariable("CHUIZI_API_KEY", null);
        Campaign campaign = new(options);
        return (options.Proves ? campaign.Prove() : campaign.Run()) == 0 ? 0 : 1;
    }
}
