namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The entry of one process in the state that processes share: its requests with a key, and its limits. Times are those of the machine-wide
/// clock.
/// </summary>
internal sealed class ProcessUsage
{
    /// <summary>A random number that identifies the process.</summary>
    public long Id { get; init; }

    /// <summary>When the process last wrote this. After 60 s it says nothing of the window any more.</summary>
    public TimeSpan Seen { get; set; }

    /// <summary>Until then, the process is expected to send more, and the others leave it its share.</summary>
    public TimeSpan AskingUntil { get; set; }

    /// <summary>Until then, nothing is sent after a refusal.</summary>
    public TimeSpan BackoffUntil { get; set; }

    /// <summary>The tickets issued, and the requests of other clients noticed, since the process began.</summary>
    public long Issued { get; set; }

    /// <summary>The limit that the user set in the process; null for none.</summary>
    public int? UserLimit { get; set; }

    /// <summary>The limit that the server reported; null if it did not.</summary>
    public int? Stated { get; set; }

    /// <summary>The estimated limit; null for none.</summary>
    public int? Estimate { get; set; }

    /// <summary>Whether submissions leave a fifth of the window to polls of the process.</summary>
    public bool ExpectsPolls { get; set; }

    /// <summary>Its requests, and those of other clients that it noticed.</summary>
    public required RequestWindow Window { get; init; }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="IOException">It ends too early.</exception>
    public static ProcessUsage Read(BinaryReader reader) => new()
    {
        Id = reader.ReadInt64(),
        Seen = new TimeSpan(reader.ReadInt64()),
        AskingUntil = new TimeSpan(reader.ReadInt64()),
        BackoffUntil = new TimeSpan(reader.ReadInt64()),
        Issued = reader.ReadInt64(),
        UserLimit = Known(reader.ReadInt32()),
        Stated = Known(reader.ReadInt32()),
        Estimate = Known(reader.ReadInt32()),
        ExpectsPolls = reader.ReadBoolean(),
        Window = RequestWindow.Read(reader),
    };

    /// <summary>Writes the entry.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Id);
        writer.Write(Seen.Ticks);
        writer.Write(AskingUntil.Ticks);
        writer.Write(BackoffUntil.Ticks);
        writer.Write(Issued);
        writer.Write(UserLimit ?? 0);
        writer.Write(Stated ?? 0);
        writer.Write(Estimate ?? 0);
        writer.Write(ExpectsPolls);
        Window.Write(writer);
    }

    private static int? Known(int limit) => limit > 0 ? limit : null;
}
