@{
    RootModule        = 'EmptyModule.dll'
    ModuleVersion     = '0.1.0'
    TypesToProcess    = @('WithFiles.Types.ps1xml')
    FormatsToProcess  = @('WithFiles.Format.ps1xml')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    CmdletsToExport   = @('Get-Nothing')
}
