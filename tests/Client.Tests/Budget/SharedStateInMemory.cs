using Chuizi.Video.Client.Budget;

namespace Chuizi.Video.Client.Tests.Budget;

/// <summary>The shared state of several budgets in one process, as one of them sees it.</summary>
internal sealed class SharedStateInMemory(SharedStateInMemory.Store store) : ISharedState
{
    public bool Exists => store.Content.Length > 0;

    public bool IsAvailable { get; set; } = true;

    public bool TryUpdate(Func<byte[], byte[]?> change)
    {
        if (!IsAvailable)
        {
            return false;
        }

        store.Updates++;
        store.Content = change(store.Content) ?? store.Content;
        return true;
    }

    internal sealed class Store
    {
        public byte[] Content { get; set; } = [];

        public int Updates { get; set; }
    }
}
