namespace Chuizi.Video.Client.Budget;

/// <summary>A few bytes that all processes of a user on one machine read and replace, one process at a time.</summary>
internal interface ISharedState
{
    /// <summary>Whether a process has stored something. Creates and opens nothing.</summary>
    bool Exists { get; }

    /// <summary>Replaces the content while no other process can read or replace it. Never throws, and blocks for at most some ms.</summary>
    /// <param name="change">Gets the content, empty at first, and returns the new content, or null to keep it. Must be fast.</param>
    /// <returns>False if the content is not available, and <paramref name="change"/> was not called.</returns>
    bool TryUpdate(Func<byte[], byte[]?> change);
}
