@{
    RootModule        = 'EmptyModule.dll'
    ModuleVersion     = '0.1.0'
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    CmdletsToExport   = @('Get-Nothing')
}
